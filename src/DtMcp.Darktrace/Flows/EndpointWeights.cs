using System.Numerics;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Flows;

/// <summary>
/// How much each endpoint weighs for a question, by bytes and by connections, when a full <see cref="HostTable"/> makes room. The heaviest
/// by either measure stay (batched Misra-Gries: what is evicted at once weighs no more than a cut, and the cuts add up to the error bound).
/// </summary>
public sealed class EndpointWeights
{
    private readonly long[] _bytes;
    private readonly long[] _connections;
    private readonly bool[] _pinned;

    internal EndpointWeights(int count)
    {
        (_bytes, _connections, _pinned) = (new long[count], new long[count], new bool[count]);
    }

    /// <summary>Endpoints in all.</summary>
    public int Count => _bytes.Length;

    /// <summary>Adds what one table holds of an endpoint.</summary>
    public void Add(int id, long bytes, long connections)
    {
        _bytes[id] = new Sum(_bytes[id]) + bytes;
        _connections[id] += connections;
    }

    /// <summary>An endpoint that must stay (the device asked about, an end of a row that is shown).</summary>
    public void Pin(int id) => _pinned[id] = true;

    /// <summary>The heaviest bytes and connections among those evicted.</summary>
    internal (long Bytes, long Connections) Cut { get; private set; }

    /// <summary>Keeps at most <paramref name="most"/> endpoints beside the pinned ones.</summary>
    internal EndpointRemap Choose(HostTable hosts, int most)
    {
        var (byBytes, byConnections) = (Class(_bytes, most / 2), Class(_connections, most / 2));
        var newIds = new int[_bytes.Length];
        var (kept, cutBytes, cutConnections) = (0, 0L, 0L);
        for (var id = 0; id < newIds.Length; id++)
        {
            if (_pinned[id] || ClassOf(_bytes[id]) > byBytes || ClassOf(_connections[id]) > byConnections)
            {
                newIds[id] = kept++;
            }
            else
            {
                newIds[id] = -1;
                cutBytes = Math.Max(cutBytes, _bytes[id]);
                cutConnections = Math.Max(cutConnections, _connections[id]);
            }
        }

        Cut = (cutBytes, cutConnections);
        return new EndpointRemap(hosts, newIds, kept);
    }

    // The lowest class that so few weights are above. Classes are sixteenths of a power of two, so a million weights need no sorting.
    private static int Class(long[] weights, int most)
    {
        var counts = new int[ClassOf(long.MaxValue) + 1];
        foreach (var weight in weights)
        {
            counts[ClassOf(weight)]++;
        }

        var above = 0;
        for (var i = counts.Length - 1; i > 0; i--)
        {
            above += counts[i];
            if (above > most)
            {
                return i;
            }
        }

        return 0;
    }

    private static int ClassOf(long weight)
    {
        if (weight < 16)
        {
            return (int)Math.Max(0, weight);
        }

        var shift = BitOperations.Log2((ulong)weight) - 4;
        return (shift * 16) + (int)(weight >> shift);
    }
}
