using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries.Channels;
using static DtMcp.Traffic.Investigations.Hunting.Signs.HuntScene;

namespace DtMcp.Traffic.Investigations.Hunting.Rules;

/// <summary>
/// Administration, databases and file sharing across the edge, either way. What goes out and was never answered is one low sign a source
/// and port; what comes in counts when it was answered, and tells of the port that is open rather than of each that came.
/// </summary>
internal static class AdminPortRule
{
    public static IEnumerable<Sign> Find(HuntScene scene)
    {
        List<Sign> found = [];
        Dictionary<(int Source, ushort Port), (Sums Sums, int Hosts, int Host, long Answered)> unanswered = [];
        Dictionary<(int Host, ushort Port), Door> doors = [];
        foreach (var id in scene.Short.AdminAcross)
        {
            ref readonly var channel = ref scene.Book.All[id];
            var key = channel.Key;
            if (channel.Way == Way.In)
            {
                if (channel.TwoWay > 0)
                {
                    var door = (key.Destination, key.Port);
                    doors[door] = doors.TryGetValue(door, out var known) ? known.With(channel, scene) : new Door(channel);
                }
            }
            else if (channel.Answered == 0 || channel.Bytes == 0)
            {
                var (sums, hosts, _, answered) = unanswered.TryGetValue((key.Source, key.Port), out var known) ? known
                    : (Sums.None, 0, 0, 0);
                unanswered[(key.Source, key.Port)] = (sums.With(channel), hosts + 1, key.Destination, answered + channel.Answered);
            }
            else
            {
                found.Add(Out(scene, id));
            }
        }

        found.AddRange(unanswered.Select(pair => Unanswered(pair.Key.Source, pair.Key.Port, pair.Value)));
        found.AddRange(doors.Values.Select(door => In(scene, door)));
        return found;
    }

    private static Sign Out(HuntScene scene, int id)
    {
        ref readonly var channel = ref scene.Book.All[id];
        var key = channel.Key;
        var confidence = HuntPorts.NeverLeaves(key.Port) ? Confidence.High
            : HuntPorts.IsCommonOutside(key.Port) ? Confidence.Low
            : Confidence.Medium;
        var isUsual = scene.Before?.Administered(scene.Flows.Hosts, key) == true;
        confidence -= isUsual && confidence > Confidence.Low ? 1 : 0;
        return new Sign(HuntKind.AdminPorts, scene.Popular(confidence, key.Destination), key.Source, key.Destination)
        {
            Ports = [key.Port],
            Figures = () => OutFigures(scene.Book.All[id], isUsual),
        };
    }

    private static string OutFigures(in Channel channel, bool isUsual) =>
        Text($"port {channel.Key.Port} outside: {channel.Answered} of {channel.Connections} answered, ")
        + Text($"{Size(channel.Bytes)}, longest {Span(Math.Max(0, channel.LongestMs))}{(isUsual ? ", as before" : "")}");

    private static Sign Unanswered(int source, ushort port, (Sums Sums, int Hosts, int Host, long Answered) tried) =>
        new(HuntKind.AdminPorts, Confidence.Low, source, tried.Hosts == 1 ? tried.Host : null)
        {
            Ports = [port],
            Sums = tried.Hosts == 1 ? null : tried.Sums,
            Figures = () => Text($"port {port} outside: {tried.Answered} of {tried.Sums.Connections} answered, no byte, ")
                + Text($"{tried.Hosts} hosts"),
        };

    private static Sign In(HuntScene scene, Door door)
    {
        var key = door.Busiest.Key;
        var confidence = !HuntPorts.NeverLeaves(key.Port) ? Confidence.Low
            : door.Sessions > 0 ? Confidence.High
            : Confidence.Medium;
        return new Sign(HuntKind.AdminPorts, confidence, key.Source, key.Destination)
        {
            Ports = [key.Port],
            Sums = door.Sums,
            IsOfFarEnd = true,
            Figures = () => Text($"port {key.Port} answered to {door.Sources} hosts outside, {door.Answered} of {door.Sums.Connections}, ")
                + Text($"{door.Sessions} sessions (≥{Span(HuntRules.SessionMs)}, ≥{Size(HuntRules.SessionBytes)})"),
        };
    }

    /// <summary>A port inside that answers to the outside, and the busiest of those that came.</summary>
    private readonly record struct Door(Channel Busiest, int Sources, Sums Sums, long Answered, int Sessions)
    {
        public Door(in Channel channel)
            : this(channel, 1, Sums.None.With(channel), channel.TwoWay, IsSession(channel) ? 1 : 0)
        {
        }

        public Door With(in Channel channel, HuntScene scene) => new(
            IsBusier(channel, scene) ? channel : Busiest, Sources + 1, Sums.With(channel),
            Answered + channel.TwoWay, Sessions + (IsSession(channel) ? 1 : 0));

        private bool IsBusier(in Channel channel, HuntScene scene) => channel.Bytes.Value != Busiest.Bytes.Value
            ? channel.Bytes.Value > Busiest.Bytes.Value
            : scene.Flows.Hosts.Address(channel.Key.Source).CompareTo(scene.Flows.Hosts.Address(Busiest.Key.Source)) < 0;

        private static bool IsSession(in Channel channel) =>
            channel.LongestMs >= HuntRules.SessionMs && channel.LongestBytes >= HuntRules.SessionBytes;
    }
}
