using DtMcp.Darktrace.Reading;

namespace DtMcp.Traffic.Condensing.Hunting;

/// <summary>What was usual in the time before: who was there, which destinations outside were used, and what each device uploaded to any one of them at most.</summary>
internal sealed class Baseline
{
    private readonly HashSet<string> _devices = new(StringComparer.Ordinal);
    private readonly HashSet<string> _destinations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _uploads = new(StringComparer.Ordinal);

    private readonly SeenFilter? _dropped;

    public Baseline(HostTable hosts, ChannelBook book)
    {
        _dropped = book.EndsOfDropped;
        Dictionary<(int Source, int Destination), long> uploads = [];
        foreach (ref readonly var channel in book.Channels)
        {
            _devices.Add(hosts.Name(channel.Key.Source));
            _devices.Add(hosts.Name(channel.Key.Destination));
            if (channel.GoesOut)
            {
                _destinations.Add(hosts.Name(channel.Key.Destination));
                var pair = (channel.Key.Source, channel.Key.Destination);
                uploads[pair] = uploads.GetValueOrDefault(pair) + channel.UploadOut;
            }
        }

        foreach (var ((source, _), bytes) in uploads)
        {
            var name = hosts.Name(source);
            _uploads[name] = Math.Max(bytes, _uploads.GetValueOrDefault(name));
        }
    }

    public bool HasDevice(string name) => _devices.Contains(name) || _dropped?.MayHave(name) == true;

    public bool HasDestination(string name) => _destinations.Contains(name) || _dropped?.MayHave(name) == true;

    /// <summary>The most that a device uploaded to one destination; null when it was not there.</summary>
    public long? UsualUpload(string name) => _devices.Contains(name) ? _uploads.GetValueOrDefault(name) : null;
}
