using System.Numerics;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Counting;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>What keeps the book in bounds: light pairs go, and what a scan or a time before needs of them is kept in less space.</summary>
internal sealed partial class ConnectionPairs
{
    /// <summary>About 150 bytes each.</summary>
    public const int MaxPairs = 500_000;

    private const int MaxTried = 100_000;

    private Dictionary<(int Source, ushort Port, ushort Protocol), Tried> _tried = [];
    private BloomFilter? _triedBefore;

    /// <summary>Pairs that were evicted.</summary>
    public long DroppedLight { get; private set; }

    /// <summary>Of the pairs evicted, the hosts that each source tried on a port of a protocol.</summary>
    public IReadOnlyDictionary<(int Source, ushort Port, ushort Protocol), Tried> TriedOfDropped => _tried;

    /// <summary>Their ends by <see cref="HostTable.Fingerprint"/>; null while none was evicted.</summary>
    public BloomFilter? EndsOfDropped { get; private set; }

    /// <summary>
    /// Whether a host that was tried on a port counts in <see cref="TriedOfDropped"/> already: a pair may be evicted, come again and be
    /// evicted again.
    /// </summary>
    public bool IsTriedOfDropped(in ConnectionKey key, HostTable hosts) =>
        _triedBefore?.MayHave(Attempt(hosts.Fingerprint(key.Source), hosts.Fingerprint(key.Destination), key)) == true;

    public void Weigh(EndpointWeights weights)
    {
        foreach (ref readonly var pair in All)
        {
            weights.Add(pair.Key.Source, pair.Bytes, pair.Connections);
            weights.Add(pair.Key.Destination, pair.Bytes, pair.Connections);
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
            static (_, pair, to) => to.NewId(pair.Key.Source) >= 0 && to.NewId(pair.Key.Destination) >= 0,
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
        var (connections, bytes) = (new long[_pairs.Count], new long[_pairs.Count]);
        for (var id = 0; id < connections.Length; id++)
        {
            (connections[id], bytes[id]) = (_pairs[id].Connections, _pairs[id].Bytes);
        }

        Array.Sort(connections);
        Array.Sort(bytes);
        var (fewest, least) = (connections[^(connections.Length / 4)], bytes[^(bytes.Length / 4)]);
        var longOnes = MaxPairs / 4;
        Keep<object?>(
            (_, pair, _) => pair.Connections > fewest || pair.Bytes > least || (
                pair.LongestMs >= HuntRules.LongInShortMs && longOnes-- > 0),
            static (key, _) => key,
            hosts.Fingerprint,
            null);
    }

    private void Keep<TState>(Func<int, ConnectionPair, TState, bool> stays, Func<ConnectionKey, TState, ConnectionKey> renamed,
        Func<int, ulong> fingerprint, TState state)
    {
        var newIds = new int[_pairs.Count];
        var kept = 0;
        _ids.Clear();
        for (var id = 0; id < newIds.Length; id++)
        {
            ref readonly var pair = ref _pairs[id];
            if (!stays(id, pair, state))
            {
                newIds[id] = -1;
                Evict(pair, fingerprint);
                continue;
            }

            newIds[id] = kept;
            var moved = pair with { Key = renamed(pair.Key, state) };
            _pairs[kept] = moved;
            _ids[moved.Key] = kept++;
        }

        _pairs.Truncate(kept);
        var beats = 0;
        foreach (ref readonly var beat in _beats)
        {
            if (newIds[beat.ConnectionPair] is >= 0 and var to)
            {
                _beats[beats++] = (to, beat.Beat);
            }
        }

        _beats.Truncate(beats);
    }

    private void Evict(in ConnectionPair pair, Func<int, ulong> fingerprint)
    {
        DroppedLight++;
        var (source, destination) = (fingerprint(pair.Key.Source), fingerprint(pair.Key.Destination));
        EndsOfDropped ??= new BloomFilter();
        EndsOfDropped.Add(source);
        EndsOfDropped.Add(destination);
        var key = (pair.Key.Source, pair.Key.Port, pair.Key.Protocol);
        var attempt = Attempt(source, destination, pair.Key);
        if (pair.Key.Port != 0 && (_tried.Count < MaxTried || _tried.ContainsKey(key)) && _triedBefore?.MayHave(attempt) != true)
        {
            (_triedBefore ??= new BloomFilter()).Add(attempt);
            Tried.Add(_tried, key, pair);
        }
    }

    // Who tried whom on which port of which protocol, as 64 bits.
    private static ulong Attempt(ulong source, ulong destination, in ConnectionKey key) =>
        KeyedHash.OfProcess.Of(source ^ BitOperations.RotateLeft(destination, 23), ((ulong)key.Protocol << 16) | key.Port);
}
