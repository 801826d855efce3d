namespace DtMcp.Traffic.Queries.Channels;

/// <summary>
/// The channels of a book put in order by their ends: by source and then destination (a run of one source and destination is a pair), and
/// by destination. Made by counting, as ids of hosts are small: no hashing, 24 bytes a channel, O(channels + hosts).
/// </summary>
internal sealed class ChannelEnds
{
    private readonly int[] _destinations;
    private readonly int[] _byPair;
    private readonly int[] _bySourceFrom;
    private readonly int[] _byDestination;
    private readonly int[] _byDestinationFrom;
    private readonly int[] _pairFrom;
    private readonly int[] _firstPair;

    /// <param name="book">The channels.</param>
    /// <param name="hosts">How many hosts there are.</param>
    /// <param name="same">For each host the one that stands for it, where several are one; empty when each is its own.</param>
    public ChannelEnds(ChannelBook book, int hosts, ReadOnlySpan<int> same = default)
    {
        var count = book.All.Count;
        var (sources, destinations, ids) = (new int[count], new int[count], new int[count]);
        var at = 0;
        foreach (ref readonly var channel in book.All)
        {
            var key = channel.Key;
            (sources[at], destinations[at]) = same.IsEmpty ? (key.Source, key.Destination) : (same[key.Source], same[key.Destination]);
            ids[at] = at++;
        }

        _destinations = destinations;
        (_byDestination, _byDestinationFrom) = Group(ids, destinations, hosts);
        (_byPair, _bySourceFrom) = Group(_byDestination, sources, hosts);
        (_pairFrom, _firstPair) = (new int[count + 1], new int[hosts + 1]);
        for (var source = 0; source < hosts; source++)
        {
            _firstPair[source] = Pairs;
            var last = -1;
            for (var i = _bySourceFrom[source]; i < _bySourceFrom[source + 1]; i++)
            {
                var destination = destinations[_byPair[i]];
                if (destination != last)
                {
                    _pairFrom[Pairs++] = i;
                    last = destination;
                }
            }
        }

        (_firstPair[hosts], _pairFrom[Pairs]) = (Pairs, count);
    }

    /// <summary>How many pairs of a source and a destination there are; they are numbered by source and then destination.</summary>
    public int Pairs { get; private set; }

    public int Hosts => _firstPair.Length - 1;

    /// <summary>The numbers of a pair's channels.</summary>
    public ReadOnlySpan<int> Of(int pair) => _byPair.AsSpan(_pairFrom[pair].._pairFrom[pair + 1]);

    public int DestinationOf(int pair) => _destinations[_byPair[_pairFrom[pair]]];

    /// <summary>The first pair of a source, and the first of the next source.</summary>
    public (int From, int To) PairsOf(int source) => (_firstPair[source], _firstPair[source + 1]);

    /// <summary>The numbers of the channels that begin at a host.</summary>
    public ReadOnlySpan<int> From(int source) => _byPair.AsSpan(_bySourceFrom[source].._bySourceFrom[source + 1]);

    /// <summary>The numbers of the channels that end at a host.</summary>
    public ReadOnlySpan<int> To(int destination) =>
        _byDestination.AsSpan(_byDestinationFrom[destination].._byDestinationFrom[destination + 1]);

    /// <summary>The numbers of the channels between a source and a destination; empty when there are none.</summary>
    public ReadOnlySpan<int> Between(int source, int destination)
    {
        var (low, high) = (_firstPair[source], _firstPair[source + 1] - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = DestinationOf(middle).CompareTo(destination);
            if (order == 0)
            {
                return Of(middle);
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return [];
    }

    // Stable, so that what was in order stays so among equals.
    private static (int[] Sorted, int[] From) Group(int[] order, int[] keys, int hosts)
    {
        var from = new int[hosts + 1];
        foreach (var key in keys)
        {
            from[key + 1]++;
        }

        for (var host = 0; host < hosts; host++)
        {
            from[host + 1] += from[host];
        }

        var (next, sorted) = (from.AsSpan(0, hosts).ToArray(), new int[order.Length]);
        foreach (var id in order)
        {
            sorted[next[keys[id]]++] = id;
        }

        return (sorted, from);
    }
}
