using DtMcp.Darktrace.Reading;

namespace DtMcp.Traffic.Condensing.Hunting;

/// <summary>
/// What was usual in the time before: who was there, which destinations outside were used, and what each device uploaded to any one of them at most. Endpoints are known by
/// <see cref="HostTable.Fingerprint"/>, as the two windows count them differently.
/// </summary>
internal sealed class Baseline
{
    private readonly HashSet<ulong> _devices = [];
    private readonly HashSet<ulong> _destinations = [];
    private readonly Dictionary<ulong, long> _uploads = [];
    private readonly SeenFilter? _dropped;

    public Baseline(HostTable hosts, ChannelBook book)
    {
        _dropped = book.EndsOfDropped;
        Dictionary<(int Source, int Destination), long> uploads = [];
        foreach (ref readonly var channel in book.Channels)
        {
            _devices.Add(hosts.Fingerprint(channel.Key.Source));
            _devices.Add(hosts.Fingerprint(channel.Key.Destination));
            if (channel.GoesOut)
            {
                _destinations.Add(hosts.Fingerprint(channel.Key.Destination));
                var pair = (channel.Key.Source, channel.Key.Destination);
                uploads[pair] = uploads.GetValueOrDefault(pair) + channel.UploadOut;
            }
        }

        foreach (var ((source, _), bytes) in uploads)
        {
            var device = hosts.Fingerprint(source);
            _uploads[device] = Math.Max(bytes, _uploads.GetValueOrDefault(device));
        }
    }

    /// <summary>Whether an endpoint of another table was there.</summary>
    public bool HasDevice(HostTable hosts, int id) => Has(_devices, hosts.Fingerprint(id));

    public bool HasDestination(HostTable hosts, int id) => Has(_destinations, hosts.Fingerprint(id));

    /// <summary>The most that a device uploaded to one destination; null when it was not there.</summary>
    public long? UsualUpload(HostTable hosts, int id) => hosts.Fingerprint(id) is var device && _devices.Contains(device) ? _uploads.GetValueOrDefault(device) : null;

    private bool Has(HashSet<ulong> known, ulong endpoint) => known.Contains(endpoint) || _dropped?.MayHave(endpoint) == true;
}
