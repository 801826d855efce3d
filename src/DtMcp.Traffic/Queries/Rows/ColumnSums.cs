using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Queries.Rows.Selecting;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>Turns a row's place in a chunk into its key; a struct for each type of column, so that loops are compiled for it.</summary>
internal interface IKeyColumn
{
    int this[int i] { get; }
}

internal readonly struct ShortKeys(ushort[] column) : IKeyColumn
{
    public int this[int i] => column[i];
}

internal readonly struct EndpointKeys(int[] column) : IKeyColumn
{
    public int this[int i] => column[i];
}

/// <summary>
/// Sums of rows whose key is a column of the chunk. Several at a time are faster than one after the other: most rows have the key of the
/// row before, so that one sum alone waits for its own last addition, and ports lie all over a megabyte and a half.
/// </summary>
internal static class ColumnSums
{
    /// <summary>The column of a dimension of short numbers; null where it is none.</summary>
    public static ushort[]? ShortColumn(FlowChunk chunk, Dimension of) => of switch
    {
        Dimension.Protocol => chunk.Protocol,
        Dimension.ApplicationProtocol => chunk.ApplicationProtocol,
        Dimension.SourcePort => chunk.SourcePort,
        Dimension.DestinationPort => chunk.DestinationPort,
        _ => null,
    };

    public static void Add<TRows, TKeys>(Tally sums, TKeys keys, FlowChunk chunk, TRows rows, int count)
        where TRows : struct, IRowOrder
        where TKeys : struct, IKeyColumn
    {
        var (bytes, packets) = (chunk.Bytes, chunk.Packets);
        for (var k = 0; k < count; k++)
        {
            var i = rows[k];
            sums.Add(keys[i], bytes[i], packets[i]);
        }
    }

    public static void AddTwo<TRows>((Tally A, Tally B) sums, (ushort[] A, ushort[] B) keys, FlowChunk chunk, TRows rows, int count)
        where TRows : struct, IRowOrder
    {
        var ((a, b), (ofA, ofB)) = (sums, keys);
        var (bytes, packets) = (chunk.Bytes, chunk.Packets);
        for (var k = 0; k < count; k++)
        {
            var i = rows[k];
            var (size, number) = (bytes[i], packets[i]);
            a.Add(ofA[i], size, number);
            b.Add(ofB[i], size, number);
        }
    }

    public static void AddThree<TRows>(
        (Tally A, Tally B, Tally C) sums, (ushort[] A, ushort[] B, ushort[] C) keys, FlowChunk chunk, TRows rows, int count)
        where TRows : struct, IRowOrder
    {
        var ((a, b, c), (ofA, ofB, ofC)) = (sums, keys);
        var (bytes, packets) = (chunk.Bytes, chunk.Packets);
        for (var k = 0; k < count; k++)
        {
            var i = rows[k];
            var (size, number) = (bytes[i], packets[i]);
            a.Add(ofA[i], size, number);
            b.Add(ofB[i], size, number);
            c.Add(ofC[i], size, number);
        }
    }

    public static void AddFour<TRows>(
        (Tally A, Tally B, Tally C, Tally D) sums, (ushort[] A, ushort[] B, ushort[] C, ushort[] D) keys,
        FlowChunk chunk, TRows rows, int count)
        where TRows : struct, IRowOrder
    {
        var ((a, b, c, d), (ofA, ofB, ofC, ofD)) = (sums, keys);
        var (bytes, packets) = (chunk.Bytes, chunk.Packets);
        for (var k = 0; k < count; k++)
        {
            var i = rows[k];
            var (size, number) = (bytes[i], packets[i]);
            a.Add(ofA[i], size, number);
            b.Add(ofB[i], size, number);
            c.Add(ofC[i], size, number);
            d.Add(ofD[i], size, number);
        }
    }

    /// <summary>
    /// Adds each row by those of its ends that the question is about: to <paramref name="started"/> by the source, to
    /// <paramref name="received"/> by the destination (the columns of these for the ends themselves, turned round for their peers).
    /// </summary>
    public static void AddNear<TRows>(Tally sums, RowFacts facts, FlowChunk chunk, int[] started, int[] received, TRows rows, int count)
        where TRows : struct, IRowOrder
    {
        var (bytes, packets) = (chunk.Bytes, chunk.Packets);
        var met = facts.Met;
        for (var k = 0; k < count; k++)
        {
            var i = rows[k];
            var which = met[i];
            if ((which & Terms.Started) != 0)
            {
                sums.Add(started[i], bytes[i], packets[i]);
            }

            if ((which & (Terms.Received | Terms.Between)) != 0)
            {
                sums.Add(received[i], bytes[i], packets[i]);
            }
        }
    }

    /// <summary>Adds each row to both of its ends, once where they are one.</summary>
    public static void AddBothEnds<TRows>(Tally sums, FlowChunk chunk, TRows rows, int count)
        where TRows : struct, IRowOrder
    {
        var (sources, destinations, bytes, packets) = (chunk.Source, chunk.Destination, chunk.Bytes, chunk.Packets);
        for (var k = 0; k < count; k++)
        {
            var i = rows[k];
            var (source, destination, size, number) = (sources[i], destinations[i], bytes[i], packets[i]);
            sums.Add(source, size, number);
            if (destination != source)
            {
                sums.Add(destination, size, number);
            }
        }
    }
}
