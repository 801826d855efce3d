using DtMcp.Exporting.Tables;

namespace DtMcp.Exporting.Parquet;

/// <summary>The values of a column as bytes of a page, before they are compressed.</summary>
internal static class PageBody
{
    /// <summary>The different words, each behind its length.</summary>
    public static void WriteWords(ByteList into, WordList words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            into.I32(word.Length);
            into.Raw(word);
        }
    }

    /// <summary>Which rows have a value, then the values.</summary>
    public static void WriteRows(ByteList into, Column column, int rows, int valid)
    {
        var values = column.First(rows);
        var head = into.Length;
        into.I32(0);
        Hybrid.WriteLevels(into, values, valid);
        var levels = into.Length - head - sizeof(int);
        into.Patch(head, levels);
        switch (column.Kind)
        {
            case ColumnKind.Word when column.Words.Count == 0:
                break;
            case ColumnKind.Word:
                var width = Hybrid.WidthOf(column.Words.Count);
                into.U8(width);
                Hybrid.WriteNumbers(into, values, valid, width);
                break;
            case ColumnKind.Flag:
                WriteFlags(into, values);
                break;
            case ColumnKind.Port:
                foreach (var value in values)
                {
                    if (value != Column.None)
                    {
                        into.I32((int)value);
                    }
                }

                break;
            default:
                WriteLongs(into, values, valid);
                break;
        }
    }

    public static int CountValid(ReadOnlySpan<long> values) => values.Length - System.MemoryExtensions.Count(values, Column.None);

    private static void WriteLongs(ByteList into, ReadOnlySpan<long> values, int valid)
    {
        if (valid == values.Length)
        {
            into.Raw(values);
            return;
        }

        foreach (var value in values)
        {
            if (value != Column.None)
            {
                into.I64(value);
            }
        }
    }

    private static void WriteFlags(ByteList into, ReadOnlySpan<long> values)
    {
        var (bits, held) = (0, 0);
        foreach (var value in values)
        {
            if (value == Column.None)
            {
                continue;
            }

            bits |= (int)value << held;
            if (++held == 8)
            {
                into.U8(bits);
                (bits, held) = (0, 0);
            }
        }

        if (held > 0)
        {
            into.U8(bits);
        }
    }
}
