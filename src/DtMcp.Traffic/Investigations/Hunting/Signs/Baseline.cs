using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Queries.Channels;

namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>
/// What was usual in the time before: who was there, which destinations outside were used, what each device sent to any one of them, who
/// administered whom and who scanned. Endpoints are known by <see cref="HostTable.Fingerprint"/>, as the two windows count them
/// differently.
/// </summary>
internal sealed class Baseline
{
    private readonly HashSet<ulong> _devices = [];
    private readonly HashSet<ulong> _destinations = [];
    private readonly HashSet<(ulong, ulong, ushort)> _administered = [];
    private readonly Dictionary<ulong, int> _failedHosts = [];
    private readonly Dictionary<ulong, List<(ulong Device, long Sent)>> _taken = [];
    private readonly Dictionary<ulong, List<(ulong Destination, Sent Sent)>> _sent = [];
    private readonly BloomFilter? _dropped;
    private readonly bool _knowsSent;

    public Baseline(FlowSet flows, ChannelBook book, long from)
    {
        ReachesBack = from - book.FirstMs >= HuntRules.ReachesBackMs;
        var hosts = flows.Hosts;
        _dropped = book.EndsOfDropped;
        _knowsSent = (flows.Seen & FlowFields.BytesOut) != 0;
        Dictionary<(int Source, int Destination), Sent> pairs = [];
        foreach (ref readonly var channel in book.All)
        {
            var (source, destination) = (hosts.Fingerprint(channel.Key.Source), hosts.Fingerprint(channel.Key.Destination));
            _devices.Add(source);
            _devices.Add(destination);
            if (channel.Refused == channel.Connections && channel.Key.Port != 0)
            {
                _failedHosts[source] = _failedHosts.GetValueOrDefault(source) + 1;
            }

            if (channel.GoesOut)
            {
                _destinations.Add(destination);
                var pair = (channel.Key.Source, channel.Key.Destination);
                pairs[pair] = pairs.GetValueOrDefault(pair).With(channel);
            }

            if (channel.Way != Way.In && channel.TwoWay > 0 && HuntPorts.IsAdmin(channel.Key.Port))
            {
                _administered.Add((source, destination, channel.Key.Port));
            }
        }

        foreach (var ((source, destination), sent) in pairs)
        {
            var device = hosts.Fingerprint(source);
            if (!_sent.TryGetValue(device, out var habits))
            {
                _sent[device] = habits = [];
            }

            var place = hosts.Fingerprint(destination);
            habits.Add((place, sent));
            if (sent.Upload >= HuntRules.UploadLow)
            {
                (_taken.TryGetValue(place, out var takers) ? takers : _taken[place] = []).Add((device, sent.Upload));
            }
        }
    }

    /// <summary>Whether it is long enough to tell what is new.</summary>
    public bool ReachesBack { get; }

    /// <summary>Whether an endpoint of another table was there.</summary>
    public bool HasDevice(HostTable hosts, int id) => Has(_devices, hosts.Fingerprint(id));

    public bool HasDestination(HostTable hosts, int id) => Has(_destinations, hosts.Fingerprint(id));

    /// <summary>Whether a device was answered on an administration port of another.</summary>
    public bool Administered(HostTable hosts, in ChannelKey key) =>
        _administered.Contains((hosts.Fingerprint(key.Source), hosts.Fingerprint(key.Destination), key.Port));

    /// <summary>Hosts and ports that a source tried in vain.</summary>
    public int FailedOf(HostTable hosts, int id) => _failedHosts.GetValueOrDefault(hosts.Fingerprint(id));

    /// <summary>Whether nothing of it was evicted.</summary>
    public bool IsWhole => _dropped is null;

    /// <summary>
    /// The most that a device sent to one destination outside; null when it sent nothing outside, or its rows do not say who sent. What
    /// went to the destination that is asked about shortly before counts only where it was a habit.
    /// </summary>
    public long? UsualUpload(HostTable hosts, int id, int destination, long from)
    {
        var device = hosts.Fingerprint(id);
        var to = hosts.Fingerprint(destination);
        return _knowsSent && _sent.TryGetValue(device, out var habits)
            ? habits.Where(habit => habit.Destination != to || IsHabit(habit.Sent, from)).Select(habit => habit.Sent.Upload)
                .DefaultIfEmpty().Max()
            : null;
    }

    /// <summary>The most that another device uploaded to a destination: a place for uploads.</summary>
    public long TakenBefore(HostTable hosts, int id, int destination)
    {
        var device = hosts.Fingerprint(id);
        return _taken.TryGetValue(hosts.Fingerprint(destination), out var takers)
            ? takers.Where(taker => taker.Device != device).Select(taker => taker.Sent).DefaultIfEmpty().Max()
            : 0;
    }

    private bool Has(HashSet<ulong> known, ulong endpoint) => known.Contains(endpoint) || _dropped?.MayHave(endpoint) == true;

    private static bool IsHabit(in Sent sent, long from) =>
        sent.Last - sent.First >= HuntRules.HabitSpanMs || from - sent.Last >= HuntRules.HabitPauseMs;
}
