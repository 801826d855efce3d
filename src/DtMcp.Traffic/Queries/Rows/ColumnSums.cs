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
/// Sums of rows whose key is a column of the chunk. Two at a time are faster than one after the other: most rows have the key of the row
/// before, so that one sum alone waits for its own last addition.
/// </summary>
internal static class ColumnSums
{
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

    public static void AddTwo<TRows, TKeys, TOthers>(
        Tally sums, TKeys keys, Tally others, TOthers otherKeys, FlowChunk chunk, TRows rows, int count)
        where TRows : struct, IRowOrder
        where TKeys : struct, IKeyColumn
        where TOthers : struct, IKeyColumn
    {
        var (bytes, packets) = (chunk.Bytes, chunk.Packets);
        for (var k = 0; k < count; k++)
        {
            var i = rows[k];
            var (size, number) = (bytes[i], packets[i]);
            sums.Add(keys[i], size, number);
            others.Add(otherKeys[i], size, number);
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
