using System.Buffers.Binary;

namespace DtMcp.Simulator.Records.Exports;

/// <summary>Reads flat Parquet files of the kind that <c>dtmcp export</c> writes: a row group at a time, columns by name.</summary>
internal static class ParquetTable
{
    private const int TailBytes = 8;

    // Of one row group. Who writes more at once means them for machines of another kind.
    private const int MaxRows = 16 << 20;

    public static IEnumerable<(int Rows, IReadOnlyDictionary<string, ParquetColumn> Columns)> Read(Stream file)
    {
        foreach (var group in End(file).Structs(4))
        {
            var rows = group.Small(3);
            if (rows is < 0 or > MaxRows)
            {
                throw new InvalidDataException("a row group is too large");
            }

            Dictionary<string, ParquetColumn> columns = new(StringComparer.Ordinal);
            foreach (var about in group.Structs(1).Select(static chunk => chunk.Struct(3)))
            {
                if (about.List(3) is [byte[] name])
                {
                    columns[System.Text.Encoding.UTF8.GetString(name)] = ParquetColumn.Read(file, about, rows);
                }
            }

            yield return (rows, columns);
        }
    }

    private static ThriftTree End(Stream file)
    {
        var tail = new byte[TailBytes];
        file.Position = Math.Max(0, file.Length - TailBytes);
        file.ReadExactly(tail);
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (!tail.AsSpan(4).SequenceEqual("PAR1"u8) || length < 0 || length > file.Length - TailBytes)
        {
            throw new InvalidDataException("it does not end as a Parquet file does");
        }

        var end = new byte[length];
        file.Position = file.Length - TailBytes - length;
        file.ReadExactly(end);
        var at = 0;
        return ThriftTree.Read(end, ref at);
    }
}
