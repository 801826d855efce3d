using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Counting;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>
/// What was usual in the time before: who was there, which destinations outside were used, and what each device sent and uploaded to any
/// one of them at most. Endpoints are known by
/// <see cref="HostTable.Fingerprint"/>, as the two windows count them differently.
/// </summary>
internal sealed class Baseline
{
    private readonly HashSet<ulong> _devices = [];
    private readonly HashSet<ulong> _destinations = [];
    private readonly Dictionary<ulong, (long Uploads, long Sent)> _sent = [];
    private readonly BloomFilter? _dropped;
    private readonly bool _knowsSent;

    public Baseline(FlowSet flows, ConnectionPairs book)
    {
        var hosts = flows.Hosts;
        _dropped = book.EndsOfDropped;
        _knowsSent = (flows.Seen & FlowFields.BytesOut) != 0;
        Dictionary<(int Source, int Destination), (Sum Uploads, Sum Sent)> pairs = [];
        foreach (ref readonly var connectionPair in book.All)
        {
            _devices.Add(hosts.Fingerprint(connectionPair.Key.Source));
            _devices.Add(hosts.Fingerprint(connectionPair.Key.Destination));
            if (connectionPair.GoesOut)
            {
                _destinations.Add(hosts.Fingerprint(connectionPair.Key.Destination));
                var pair = (connectionPair.Key.Source, connectionPair.Key.Destination);
                var known = pairs.GetValueOrDefault(pair);
                pairs[pair] = (known.Uploads + connectionPair.UploadOut, known.Sent + connectionPair.BytesOut);
            }
        }

        foreach (var ((source, _), sums) in pairs)
        {
            var device = hosts.Fingerprint(source);
            var most = _sent.GetValueOrDefault(device);
            _sent[device] = (Math.Max(sums.Uploads, most.Uploads), Math.Max(sums.Sent, most.Sent));
        }
    }

    /// <summary>Whether an endpoint of another table was there.</summary>
    public bool HasDevice(HostTable hosts, int id) => Has(_devices, hosts.Fingerprint(id));

    public bool HasDestination(HostTable hosts, int id) => Has(_destinations, hosts.Fingerprint(id));

    /// <summary>Whether nothing of it was evicted.</summary>
    public bool IsWhole => _dropped is null;

    /// <summary>
    /// The most that a device sent to one destination outside, in uploads (<see cref="HuntRules.UploadConnectionBytes"/>) and in all; null
    /// when it was not there, or its rows do not say who sent.
    /// </summary>
    public (long Uploads, long Sent)? UsualUpload(HostTable hosts, int id) =>
        hosts.Fingerprint(id) is var device && _knowsSent && _devices.Contains(device) ? _sent.GetValueOrDefault(device) : null;

    private bool Has(HashSet<ulong> known, ulong endpoint) => known.Contains(endpoint) || _dropped?.MayHave(endpoint) == true;
}
