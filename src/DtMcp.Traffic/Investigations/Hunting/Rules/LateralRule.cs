using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries.Channels;
using static DtMcp.Traffic.Investigations.Hunting.Signs.HuntScene;

namespace DtMcp.Traffic.Investigations.Hunting.Rules;

/// <summary>
/// Administration between devices inside, by points: what a host of few clients was administered with, what was pushed to it, whether it is
/// the first time, a domain controller or one of several hosts within the hour; a server of others is administered by design. What was so
/// before is usual and none, and so is a log-in that hardly passed a byte (a monitor's check, a guess).
/// </summary>
internal static class LateralRule
{
    public static IEnumerable<Sign> Find(HuntScene scene)
    {
        Dictionary<(int Source, int Destination), Pair> pairs = [];
        foreach (var id in scene.Short.AdminInside)
        {
            ref readonly var channel = ref scene.Book.All[id];
            if (IsAdministration(scene, channel))
            {
                var key = (channel.Key.Source, channel.Key.Destination);
                if (!pairs.TryGetValue(key, out var pair))
                {
                    pairs[key] = pair = new Pair(scene);
                }

                pair.Add(id, channel);
            }
        }

        AddFailed(scene, pairs);
        var bySource = pairs.GroupBy(pair => pair.Key.Source);
        return bySource.SelectMany(source => Of(scene, source.Key, [.. source.Select(pair => (pair.Key.Destination, pair.Value))]));
    }

    private static bool IsAdministration(HuntScene scene, in Channel channel)
    {
        var (key, port) = (channel.Key, channel.Key.Port);
        var isShell = HuntPorts.IsScreenOrShell(port) || HuntPorts.IsWinRm(port);
        return (isShell || port is 135 or 445)
            && scene.IsDevice(key.Source) && scene.IsDevice(key.Destination)
            && scene.ClientsOf(key.Destination, port) < (isShell ? HuntRules.ServerClients : HuntRules.SharingClients)
            && (!HuntPorts.IsScreenOrShell(port) || channel.LongestBytes >= HuntRules.GuessBytes)
            && (isShell || !scene.IsDirectory(key.Destination))
            && !scene.IsDirectory(key.Source)
            && scene.Before?.Administered(scene.Flows.Hosts, key) != true;
    }

    // What else was tried between the two, in vain.
    private static void AddFailed(HuntScene scene, Dictionary<(int Source, int Destination), Pair> pairs)
    {
        foreach (var ((source, destination), pair) in pairs)
        {
            foreach (var id in scene.Ends.Between(source, destination))
            {
                ref readonly var channel = ref scene.Book.All[id];
                pair.Failed += channel.Way == Way.Inside && channel.Refused == channel.Connections && channel.Key.Port != 0
                    && scene.IsTcp(channel) ? 1 : 0;
            }
        }
    }

    private static IEnumerable<Sign> Of(HuntScene scene, int source, List<(int Destination, Pair Pair)> pairs)
    {
        var inAnHour = MostWithin(pairs, HuntRules.Hour);
        var spreads = inAnHour >= HuntRules.SpreadHosts;
        var isKnown = scene.Before is { ReachesBack: true } before && before.WasActive(scene.Flows.Hosts, source);
        var manages = !isKnown && pairs.Count >= HuntRules.ManagedHosts && (inAnHour * 2 < pairs.Count || AreServed(scene, pairs))
            && pairs.Aggregate(0UL, (hours, pair) => hours | pair.Pair.Hours) is var all
            && System.Numerics.BitOperations.PopCount(all) >= HuntRules.ManagedHours;
        var signs = pairs.Select(pair => (pair.Destination, pair.Pair, Points: pair.Pair.Points(pair.Destination, isKnown, spreads)))
            .Where(pair => pair.Points > 0).ToList();
        if (signs.Count > HuntRules.LateralLines || manages)
        {
            var most = signs.Max(pair => pair.Points);
            return
            [
                new Sign(HuntKind.Lateral, manages ? Confidence.Low : Level(most), source, null)
                {
                    Ports = [.. signs.SelectMany(pair => pair.Pair.Ports).Distinct().Order()],
                    Sums = signs.Aggregate(Sums.None, (sums, pair) => pair.Pair.AddTo(sums)),
                    Figures = () => Text($"administered {signs.Count} hosts, {inAnHour} within an hour (≥{HuntRules.SpreadHosts}), ")
                        + Text($"{most} points (≥{HuntRules.LateralMedium}, ≥{HuntRules.LateralHigh}) at most"),
                },
            ];
        }

        return signs.Select(pair => new Sign(HuntKind.Lateral, Level(pair.Points), source, pair.Destination)
        {
            Ports = pair.Pair.Ports,
            Figures = () => Text($"{pair.Points} points (≥{HuntRules.LateralMedium}, ≥{HuntRules.LateralHigh}): ")
                + pair.Pair.Why(pair.Destination, isKnown, spreads ? inAnHour : 0),
        });
    }

    // Screens and shells of servers alone, with nothing tried in vain or pushed: an administrator's day.
    private static bool AreServed(HuntScene scene, List<(int Destination, Pair Pair)> pairs) =>
        pairs.TrueForAll(pair => pair.Pair.IsWork && !scene.IsWorkstation(pair.Destination))
        && pairs.Count(pair => scene.IsServer(pair.Destination) || scene.IsDirectory(pair.Destination))
            >= HuntRules.ManagedServers * pairs.Count;

    private static Confidence Level(int points) =>
        points >= HuntRules.LateralHigh ? Confidence.High : points >= HuntRules.LateralMedium ? Confidence.Medium : Confidence.Low;

    private static int MostWithin(List<(int Destination, Pair Pair)> pairs, long span)
    {
        var firsts = pairs.Select(pair => pair.Pair.First).Order().ToList();
        return FullestSpan.Most(firsts, span);
    }

    /// <summary>What one device administered another with.</summary>
    private sealed class Pair(HuntScene scene)
    {
        private readonly List<int> _ports = new(1);
        private readonly List<int> _channels = new(1);
        private long _pushed;

        public int Failed { get; set; }

        public long First { get; private set; } = long.MaxValue;

        public ulong Hours { get; private set; }

        public bool IsWork => Failed == 0 && _ports.TrueForAll(port => HuntPorts.IsScreenOrShell(port));

        // The most telling first.
        public IReadOnlyList<int> Ports => [.. _ports.OrderByDescending(Weight).ThenBy(port => port)];

        public void Add(int id, in Channel channel)
        {
            if (!_ports.Contains(channel.Key.Port))
            {
                _ports.Add(channel.Key.Port);
            }

            _channels.Add(id);
            First = Math.Min(First, channel.First);
            Hours |= channel.Hours;
            _pushed += channel.Key.Port == 445 ? (scene.KnowsBytesOut ? channel.BytesOut : channel.Bytes) : 0L;
        }

        public Sums AddTo(Sums sums) => _channels.Aggregate(sums, (all, id) => all.With(scene.Book.All[id]));

        public int Points(int destination, bool isKnown, bool spreads) =>
            _ports.Sum(Weight) + (_pushed >= HuntRules.PushedBytes ? 1 : 0) + (Failed > 0 ? 1 : 0) + (isKnown ? 1 : 0)
            + (scene.IsDirectory(destination) || scene.IsWorkstation(destination) ? 1 : scene.IsServer(destination) ? -1 : 0)
            + (spreads ? 1 : 0);

        public string Why(int destination, bool isKnown, int spread)
        {
            List<string> why = [string.Join(", ", Ports.Select(Word))];
            if (_pushed >= HuntRules.PushedBytes)
            {
                why.Add($"{Size(_pushed)} over SMB (≥{Size(HuntRules.PushedBytes)})");
            }

            why.AddRange(Failed > 0 ? [Text($"{Failed} other ports refused")] : Array.Empty<string>());
            why.AddRange(isKnown ? ["first time"] : Array.Empty<string>());
            why.AddRange(scene.IsDirectory(destination) ? ["a domain controller"] : Array.Empty<string>());
            why.AddRange(scene.IsServer(destination) ? ["a server of others (-1)"] : Array.Empty<string>());
            why.AddRange(scene.IsWorkstation(destination) ? ["a workstation"] : Array.Empty<string>());
            why.AddRange(spread > 0 ? [Text($"{spread} hosts within an hour")] : Array.Empty<string>());
            return string.Join(", ", why);
        }

        // WinRM runs commands; the others also serve people, or only look names up.
        private static int Weight(int port) => HuntPorts.IsWinRm(port) ? 2 : 1;

        private static string Word(int port) => port switch
        {
            22 => "SSH",
            23 => "Telnet",
            135 => "RPC",
            445 => "SMB",
            3389 => "RDP",
            5900 => "VNC",
            _ => "WinRM",
        };
    }
}
