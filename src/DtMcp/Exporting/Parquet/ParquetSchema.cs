using DtMcp.Exporting.Tables;

namespace DtMcp.Exporting.Parquet;

/// <summary>How the columns are described at the end of a file. The numbers are those of parquet.thrift.</summary>
internal static class ParquetSchema
{
    public const int Boolean = 0;
    public const int Int32 = 1;
    public const int Int64 = 2;
    public const int Double = 5;
    public const int ByteArray = 6;

    private const int Optional = 1;
    private const int Utf8 = 0;
    private const int TimestampMillis = 9;
    private const int UInt16 = 12;

    public static int TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Flag => Boolean,
        ColumnKind.Port => Int32,
        ColumnKind.Seconds => Double,
        ColumnKind.Word => ByteArray,
        _ => Int64,
    };

    /// <summary>The root and a leaf a column.</summary>
    public static void Write(CompactWriter writer, int field, IReadOnlyList<Column> columns)
    {
        writer.Structs(field, columns.Count + 1);
        writer.Begin();
        writer.Text(4, "conn");
        writer.I32(5, columns.Count);
        writer.End();
        foreach (var column in columns)
        {
            writer.Begin();
            writer.I32(1, TypeOf(column.Kind));
            writer.I32(3, Optional);
            writer.Text(4, column.Name);
            WriteMeaning(writer, column.Kind);
            writer.End();
        }
    }

    // The old name of a meaning, and the new one.
    private static void WriteMeaning(CompactWriter writer, ColumnKind kind)
    {
        switch (kind)
        {
            case ColumnKind.Word:
                writer.I32(6, Utf8);
                writer.Begin(10);
                writer.Empty(1);
                writer.End();
                break;
            case ColumnKind.Time:
                writer.I32(6, TimestampMillis);
                writer.Begin(10);
                writer.Begin(8);
                writer.Flag(1, value: true);
                writer.Begin(2);
                writer.Empty(1);
                writer.End();
                writer.End();
                writer.End();
                break;
            case ColumnKind.Port:
                writer.I32(6, UInt16);
                writer.Begin(10);
                writer.Begin(10);
                writer.Small(1, 16);
                writer.Flag(2, value: false);
                writer.End();
                writer.End();
                break;
            default:
                break;
        }
    }
}
