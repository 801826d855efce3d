using System.Runtime.CompilerServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Counting;

/// <summary>What is added up for one key.</summary>
internal struct Measure
{
    public long Connections;
    public Sum Bytes;
    public Sum Packets;
}

/// <summary>
/// Sums by a small number from 0 up (a host, a port, a name) in one array that grows; no hashing, nothing allocated a row.
/// </summary>
internal sealed class Tally(int initial)
{
    // Made when the first key comes.
    private Measure[] _sums = [];
    private int _expected = initial;

    /// <summary>One past the largest key there is room for.</summary>
    public int Length => _sums.Length;

    public ref Measure this[int key]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)key >= (uint)_sums.Length)
            {
                Array.Resize(ref _sums, Math.Max(Math.Max(key + 1, _expected), _sums.Length * 2));
            }

            return ref _sums[key];
        }
    }

    /// <summary>Keys that there are: grown at once, sums are not copied from array to array until there is room for all.</summary>
    public void Expect(int keys) => _expected = Math.Max(_expected, keys);

    /// <summary>Adds a row, where all rows together add up to less than a sum can hold (<see cref="FlowSet.IsFull"/> is false).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int key, long bytes, long packets)
    {
        ref var sum = ref this[key];
        sum.Connections++;
        sum.Bytes = (Sum)(sum.Bytes.Value + bytes);
        sum.Packets = (Sum)(sum.Packets.Value + packets);
    }

    /// <summary>Adds a row where sums may stop at the largest number that there is.</summary>
    public void AddStopping(int key, long bytes, long packets)
    {
        ref var sum = ref this[key];
        sum.Connections++;
        sum.Bytes += bytes;
        sum.Packets += packets;
    }

    /// <summary>Keys that were added at least once.</summary>
    public long CountKeys()
    {
        long keys = 0;
        foreach (ref readonly var sum in _sums.AsSpan())
        {
            keys += sum.Connections > 0 ? 1 : 0;
        }

        return keys;
    }

    /// <summary>Keys below a bound that were added at least once, with their sums.</summary>
    public IEnumerable<(int Key, Measure Sum)> Entries(int below = int.MaxValue)
    {
        for (var key = 0; key < Math.Min(below, _sums.Length); key++)
        {
            if (_sums[key].Connections > 0)
            {
                yield return (key, _sums[key]);
            }
        }
    }

    public static Tally OfPorts() => new(ushort.MaxValue + 1);

    public static Tally OfNames() => new(64);

    public static Tally OfHosts() => new(1024);
}
