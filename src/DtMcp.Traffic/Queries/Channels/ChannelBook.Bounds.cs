using System.Numerics;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Counting;

namespace DtMcp.Traffic.Queries.Channels;

/// <summary>
/// What keeps the book in bounds: light channels go, and what a scan or a time before needs of them is kept in less space.
/// </summary>
internal sealed partial class ChannelBook
{
    /// <summary>About 150 bytes each.</summary>
    public const int MaxChannels = 500_000;

    private const int MaxTried = 100_000;

    private Dictionary<(int Source, ushort Port, ushort Protocol), Tried> _tried = [];
    private BloomFilter? _triedBefore;

    /// <summary>Channels that were evicted.</summary>
    public long DroppedLight { get; private set; }

    /// <summary>Of the channels evicted, the hosts that each source tried on a port of a protocol.</summary>
    public IReadOnlyDictionary<(int Source, ushort Port, ushort Protocol), Tried> TriedOfDropped => _tried;

    /// <summary>Their ends by <see cref="HostTable.Fingerprint"/>; null while none was evicted.</summary>
    public BloomFilter? EndsOfDropped { get; private set; }

    /// <summary>
    /// Whether a host that was tried on a port counts in <see cref="TriedOfDropped"/> already: a channel may be evicted, come again and be
    /// evicted again.
    /// </summary>
    public bool IsTriedOfDropped(in ChannelKey key, HostTable hosts) =>
        _triedBefore?.MayHave(Attempt(hosts.Fingerprint(key.Source), hosts.Fingerprint(key.Destination), key)) == true;

    public void Weigh(EndpointWeights weights)
    {
        foreach (ref readonly var channel in All)
        {
            weights.Add(channel.Key.Source, channel.Bytes, channel.Connections);
            weights.Add(channel.Key.Destination, channel.Bytes, channel.Connections);
        }

        foreach (var ((source, _, _), tried) in _tried)
        {
            weights.Add(source, 0, tried.Count);
        }
    }

    public void Remap(EndpointRemap remap)
    {
        sides.Forget();
        Artefacts.Remap(remap);
        Keep(
            static (_, channel, to) => to.NewId(channel.Key.Source) >= 0 && to.NewId(channel.Key.Destination) >= 0,
            (key, to) => key with { Source = to.NewId(key.Source), Destination = to.NewId(key.Destination) },
            remap.Fingerprint,
            remap);
        Dictionary<(int Source, ushort Port, ushort Protocol), Tried> tried = [];
        foreach (var ((source, port, protocol), sums) in _tried)
        {
            if (remap.NewId(source) is >= 0 and var to)
            {
                tried[(to, port, protocol)] = sums;
            }
        }

        _tried = tried;
    }

    // The quarter with most connections, the quarter with most bytes and what lasted long stay.
    private void DropLightest(HostTable hosts)
    {
        var (connections, bytes) = (new long[_channels.Count], new long[_channels.Count]);
        for (var id = 0; id < connections.Length; id++)
        {
            (connections[id], bytes[id]) = (_channels[id].Connections, _channels[id].Bytes);
        }

        Array.Sort(connections);
        Array.Sort(bytes);
        var (fewest, least) = (connections[^(connections.Length / 4)], bytes[^(bytes.Length / 4)]);
        var longOnes = MaxChannels / 4;
        Keep<object?>(
            (_, channel, _) => channel.Connections > fewest || channel.Bytes > least || (
                channel.LongestMs >= ChannelQuery.LongMs && longOnes-- > 0),
            static (key, _) => key,
            hosts.Fingerprint,
            null);
    }

    private void Keep<TState>(Func<int, Channel, TState, bool> stays, Func<ChannelKey, TState, ChannelKey> renamed,
        Func<int, ulong> fingerprint, TState state)
    {
        var newIds = new int[_channels.Count];
        var kept = 0;
        _ids.Clear();
        for (var id = 0; id < newIds.Length; id++)
        {
            ref readonly var channel = ref _channels[id];
            if (!stays(id, channel, state))
            {
                newIds[id] = -1;
                Evict(channel, fingerprint);
                continue;
            }

            newIds[id] = kept;
            var moved = channel with { Key = renamed(channel.Key, state) };
            _channels[kept] = moved;
            _ids[moved.Key] = kept++;
        }

        _channels.Truncate(kept);
        var starts = 0;
        foreach (ref readonly var start in _starts)
        {
            if (newIds[start.Channel] is >= 0 and var to)
            {
                _starts[starts++] = start with { Channel = to };
            }
        }

        _starts.Truncate(starts);
    }

    private void Evict(in Channel channel, Func<int, ulong> fingerprint)
    {
        DroppedLight++;
        var (source, destination) = (fingerprint(channel.Key.Source), fingerprint(channel.Key.Destination));
        EndsOfDropped ??= new BloomFilter();
        EndsOfDropped.Add(source);
        EndsOfDropped.Add(destination);
        var key = (channel.Key.Source, channel.Key.Port, channel.Key.Protocol);
        var attempt = Attempt(source, destination, channel.Key);
        if (channel.Key.Port != 0 && (_tried.Count < MaxTried || _tried.ContainsKey(key)) && _triedBefore?.MayHave(attempt) != true)
        {
            (_triedBefore ??= new BloomFilter()).Add(attempt);
            Tried.Add(_tried, key, channel);
        }
    }

    // Who tried whom on which port of which protocol, as 64 bits.
    private static ulong Attempt(ulong source, ulong destination, in ChannelKey key) =>
        KeyedHash.OfProcess.Of(source ^ BitOperations.RotateLeft(destination, 23), ((ulong)key.Protocol << 16) | key.Port);
}
