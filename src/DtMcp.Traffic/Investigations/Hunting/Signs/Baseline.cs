using System.Numerics;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries.Channels;

namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>
/// What was usual in the time before: who was there, which destinations outside were used, what each device sent to any one of them, who
/// administered whom and who scanned. The two windows count endpoints differently: one is found here by its
/// <see cref="HostTable.Fingerprint"/>, and everything else is kept by the numbers of the time before.
/// </summary>
internal sealed class Baseline
{
    private readonly Dictionary<ulong, int> _ids;
    private readonly HostTable _hosts;
    private readonly ChannelBook _book;
    private readonly ChannelEnds _ends;
    private readonly bool[] _isDevice;
    private readonly bool[] _isActive;
    private readonly bool[] _isDestination;
    private readonly int[] _failedHosts;
    private readonly (Habit Most, Habit Next)[] _sent;
    private readonly Dictionary<int, List<(int Device, long Sent)>> _taken = [];
    private readonly bool _knowsSent;
    private readonly HistoryPast? _past;
    private readonly LongUsual _long;

    public Baseline(FlowSet flows, ChannelBook book, long from, HistoryPast? past = null, HistoryUploads? sent = null)
    {
        (_past, _long) = (past, new LongUsual(sent));
        ReachesBack = from - book.FirstMs >= HuntRules.ReachesBackMs;
        var hosts = _hosts = flows.Hosts;
        (_book, _ids, _knowsSent) = (book, new Dictionary<ulong, int>(hosts.Count), (flows.Seen & FlowFields.BytesOut) != 0);

        // An address that moved from one device to another is two endpoints there, and one here.
        var same = new int[hosts.Count];
        for (var id = 0; id < same.Length; id++)
        {
            same[id] = _ids.TryAdd(hosts.Fingerprint(id), id) ? id : _ids[hosts.Fingerprint(id)];
        }

        _ends = new ChannelEnds(book, hosts.Count, same);
        (_isDevice, _isDestination, _failedHosts) = (new bool[hosts.Count], new bool[hosts.Count], new int[hosts.Count]);
        (_sent, _isActive) = (new (Habit, Habit)[hosts.Count], new bool[hosts.Count]);
        foreach (ref readonly var channel in book.All)
        {
            var (source, destination) = (same[channel.Key.Source], same[channel.Key.Destination]);
            (_isDevice[source], _isDevice[destination]) = (true, true);
            _isDestination[destination] |= channel.GoesOut;
            _isActive[source] |= channel.Answered > 0;
            _failedHosts[source] += channel.Refused == channel.Connections && channel.Key.Port != 0 ? 1 : 0;
        }

        for (var source = 0; source < same.Length; source++)
        {
            var (first, end) = _ends.PairsOf(source);
            for (var pair = first; pair < end; pair++)
            {
                if (_isDestination[_ends.DestinationOf(pair)])
                {
                    Learn(source, _ends.DestinationOf(pair), _ends.Of(pair));
                }
            }
        }
    }

    /// <summary>Whether it is long enough to tell what is new.</summary>
    public bool ReachesBack { get; }

    /// <summary>Whether nothing of it was evicted.</summary>
    public bool IsWhole => _book.EndsOfDropped is null;

    /// <summary>Whether an endpoint of another table was there.</summary>
    public bool HasDevice(HostTable hosts, int id) => Has(_isDevice, hosts, id);

    /// <summary>Whether it was at work: it began connections that were answered. A machine that was off is scanned all the same.</summary>
    public bool WasActive(HostTable hosts, int id) => Has(_isActive, hosts, id);

    /// <summary>Whether somebody went there in the time before, or in the history of the days before that.</summary>
    public bool HasDestination(HostTable hosts, int id) => Has(_isDestination, hosts, id)
        || _past?.Seen.Contains(hosts.Address(id)) == true;

    /// <summary>Whether a device was answered on an administration port of another.</summary>
    public bool Administered(HostTable hosts, in ChannelKey key)
    {
        if (Find(hosts, key.Source) is >= 0 and var source && Find(hosts, key.Destination) is >= 0 and var destination)
        {
            foreach (var id in _ends.Between(source, destination))
            {
                ref readonly var channel = ref _book.All[id];
                if (channel.Key.Port == key.Port && channel.Way != Way.In && channel.TwoWay > 0 && HuntPorts.IsAdmin(key.Port))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>How often a device called another on a port, and how long it stayed, in milliseconds.</summary>
    public (int Connections, int LongestMs) Called(HostTable hosts, in ChannelKey key)
    {
        var (connections, longest) = (0, 0);
        if (Find(hosts, key.Source) is >= 0 and var source && Find(hosts, key.Destination) is >= 0 and var destination)
        {
            foreach (var id in _ends.Between(source, destination))
            {
                ref readonly var channel = ref _book.All[id];
                if (channel.Key.Port == key.Port)
                {
                    (connections, longest) = (connections + channel.Connections, Math.Max(longest, channel.LongestMs));
                }
            }
        }

        return (connections, longest);
    }

    /// <summary>Hosts and ports that a source tried in vain.</summary>
    public int FailedOf(HostTable hosts, int id) => Find(hosts, id) is >= 0 and var known ? _failedHosts[known] : 0;

    /// <summary>Whether the history says what a device usually sends.</summary>
    public bool IsLongKnown(HostTable hosts, int id) => _long.Knows(hosts.Address(id));

    /// <summary>
    /// The most that a device sent to one destination outside, or what it did in the days of the history; null when it sent nothing
    /// outside, or its rows do not say who sent. What went to the destination that is asked about shortly before counts only where it was a
    /// habit.
    /// </summary>
    public long? UsualUpload(HostTable hosts, int id, int destination, long from)
    {
        if (_long.Of(hosts.Address(id), hosts.Address(destination)) is { } usual)
        {
            return usual;
        }

        if (!_knowsSent || Find(hosts, id) is not (>= 0 and var device) || !_sent[device].Most.IsKnown)
        {
            return null;
        }

        var (most, next) = _sent[device];
        return Find(hosts, destination) == most.Destination && !most.IsOldAt(from) ? next.Upload : most.Upload;
    }

    /// <summary>
    /// The most that a device sent to any other host at the same hours of the day, an hour earlier and later included; null where it
    /// sent to the destination that is asked about too, and where the time before is longer than hours of a day are told apart.
    /// </summary>
    /// <param name="hosts">Whose ids are given.</param>
    /// <param name="id">The device.</param>
    /// <param name="destination">The host that is asked about.</param>
    /// <param name="sent">What was sent to it.</param>
    public long? UploadAt(HostTable hosts, int id, int destination, in Sent sent)
    {
        if (_long.Knows(hosts.Address(id)))
        {
            return _long.At(hosts.Address(id), hosts.Address(destination), sent);
        }

        return UploadAt(hosts, id, destination, sent.Hours);
    }

    private long? UploadAt(HostTable hosts, int id, int destination, ulong hours)
    {
        if (_book.SpanMs > HuntRules.SameHoursMs || Find(hosts, id) is not (>= 0 and var device))
        {
            return null;
        }

        var (most, place) = (0L, Find(hosts, destination));
        var dayBefore = BitOperations.RotateRight(hours, 24);
        var about = dayBefore | BitOperations.RotateLeft(dayBefore, 1) | BitOperations.RotateRight(dayBefore, 1);
        var (from, to) = _ends.PairsOf(device);
        for (var pair = from; pair < to; pair++)
        {
            var sent = default(Sent);
            foreach (var channel in _ends.Of(pair))
            {
                sent = _book.All[channel] is { GoesOut: true } all ? sent.With(all) : sent;
            }

            if (_ends.DestinationOf(pair) == place && sent.Upload >= ChannelQuery.UploadConnectionBytes)
            {
                return null;
            }

            most = (sent.Hours & about) != 0 ? Math.Max(most, sent.Upload) : most;
        }

        return most;
    }

    /// <summary>The networks outside that a device sent mail to.</summary>
    public int MailNetworksOf(HostTable hosts, int id)
    {
        HashSet<UInt128> networks = [];
        foreach (var channel in Find(hosts, id) is >= 0 and var known ? _ends.From(known) : [])
        {
            if (_book.All[channel] is { GoesOut: true } sent && HuntPorts.IsMail(sent.Key.Port))
            {
                networks.Add(HuntScene.NetworkOf(_hosts, sent.Key.Destination));
            }
        }

        return networks.Count;
    }

    /// <summary>The most that another device uploaded to a destination: a place for uploads.</summary>
    public long TakenBefore(HostTable hosts, int id, int destination)
    {
        var device = Find(hosts, id);
        var before = Find(hosts, destination) is >= 0 and var place && _taken.TryGetValue(place, out var takers)
            ? takers.Where(taker => taker.Device != device).Select(taker => taker.Sent).DefaultIfEmpty().Max()
            : 0;
        return Math.Max(before, _long.TakenFromOthers(hosts.Address(id), hosts.Address(destination)));
    }

    private void Learn(int source, int destination, ReadOnlySpan<int> channels)
    {
        var (sent, goesOut) = (default(Sent), false);
        foreach (var id in channels)
        {
            ref readonly var channel = ref _book.All[id];
            sent = channel.GoesOut ? sent.With(channel) : sent;
            goesOut |= channel.GoesOut;
        }

        if (!goesOut)
        {
            return;
        }

        var habit = new Habit(true, destination, sent.Upload, sent.First, sent.Last);
        var (most, next) = _sent[source];
        _sent[source] = !most.IsKnown || habit.Upload > most.Upload ? (habit, most)
            : habit.Upload > next.Upload ? (most, habit)
            : (most, next);
        if (habit.Upload >= HuntRules.UploadLow)
        {
            (_taken.TryGetValue(destination, out var takers) ? takers : _taken[destination] = []).Add((source, habit.Upload));
        }
    }

    private bool Has(bool[] known, HostTable hosts, int id)
    {
        var endpoint = hosts.Fingerprint(id);
        return (_ids.TryGetValue(endpoint, out var at) && known[at]) || _book.EndsOfDropped?.MayHave(endpoint) == true;
    }

    private int Find(HostTable hosts, int id) => _ids.TryGetValue(hosts.Fingerprint(id), out var known) ? known : -1;

    /// <summary>What a device sent to one destination.</summary>
    private readonly record struct Habit(bool IsKnown, int Destination, long Upload, long First, long Last)
    {
        public bool IsOldAt(long from) => Last - First >= HuntRules.HabitSpanMs || from - Last >= HuntRules.HabitPauseMs;
    }
}
