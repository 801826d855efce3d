namespace DtMcp.Traffic.Queries.Channels;

/// <summary>The start of one connection and the bytes of both directions: those sent alone are not known of every row.</summary>
/// <param name="Start">Milliseconds since 1970.</param>
/// <param name="Channel">The number of its channel.</param>
/// <param name="Bytes">At most 2 GB: larger ones are alike where sizes are compared.</param>
internal readonly record struct ChannelStart(long Start, int Channel, int Bytes);

/// <summary>The starts of all channels that have enough of them, each channel's in order of time: 12 bytes a start.</summary>
internal sealed class ChannelStarts
{
    private readonly long[] _starts;
    private readonly int[] _sizes;
    private readonly List<(int Channel, int From, int Count)> _ranges = [];

    public ChannelStarts(ChannelBook book, int fewest)
    {
        var next = new int[book.All.Count];
        var wanted = 0;
        foreach (ref readonly var start in book.Starts)
        {
            next[start.Channel]++;
        }

        for (var channel = 0; channel < next.Length; channel++)
        {
            var count = next[channel];
            next[channel] = count < fewest ? -1 : wanted;
            if (count >= fewest)
            {
                _ranges.Add((channel, wanted, count));
                wanted += count;
            }
        }

        (_starts, _sizes) = (new long[wanted], new int[wanted]);
        foreach (ref readonly var start in book.Starts)
        {
            if (next[start.Channel] >= 0)
            {
                var at = next[start.Channel]++;
                (_starts[at], _sizes[at]) = (start.Start, start.Bytes);
            }
        }

        foreach (var (_, from, count) in _ranges)
        {
            Sort(from, count);
        }
    }

    public int Count => _ranges.Count;

    /// <summary>A channel's number, its starts in order of time, and the bytes of each.</summary>
    public int Of(int i, out ReadOnlySpan<long> starts, out ReadOnlySpan<int> sizes)
    {
        var (channel, from, count) = _ranges[i];
        starts = _starts.AsSpan(from, count);
        sizes = _sizes.AsSpan(from, count);
        return channel;
    }

    // Most come in order; only what does not is sorted. Equal starts go by size, so that the order of rows tells nothing.
    private void Sort(int from, int count)
    {
        for (var i = from + 1; i < from + count; i++)
        {
            if (_starts[i] < _starts[i - 1] || (_starts[i] == _starts[i - 1] && _sizes[i] < _sizes[i - 1]))
            {
                var both = new (long Start, int Size)[count];
                for (var k = 0; k < count; k++)
                {
                    both[k] = (_starts[from + k], _sizes[from + k]);
                }

                Array.Sort(both, static (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.Size.CompareTo(b.Size));
                for (var k = 0; k < count; k++)
                {
                    (_starts[from + k], _sizes[from + k]) = both[k];
                }

                return;
            }
        }
    }
}
