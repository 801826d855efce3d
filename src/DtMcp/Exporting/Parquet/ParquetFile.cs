using System.Buffers.Binary;
using DtMcp.Configuration;
using DtMcp.Exporting.Tables;
using ZstdSharp;

namespace DtMcp.Exporting.Parquet;

/// <summary>
/// Writes a table as a Parquet file: a row group a part, a page a column in it, words by a dictionary, all pages zstd. Only what these
/// columns need of the format (github.com/apache/parquet-format).
/// </summary>
internal sealed class ParquetFile(Stream stream) : ITableFile
{
    private const int DataPage = 0;
    private const int DictionaryPage = 2;
    private const int Plain = 0;
    private const int Rle = 3;
    private const int RleDictionary = 8;
    private const int Zstd = 6;

    private readonly Compressor _compressor = new(ZstdLevel);
    private readonly ByteList _body = new();
    private readonly ByteList _packed = new();
    private readonly ByteList _head = new();
    private readonly List<Group> _groups = [];
    private long _at;

    /// <summary>zstd's own default; the next levels take twice the time for some percent.</summary>
    private const int ZstdLevel = 3;

    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    public void Write(IReadOnlyList<Column> columns, int rows)
    {
        Start();
        var chunks = new Chunk[columns.Count];
        for (var i = 0; i < chunks.Length; i++)
        {
            chunks[i] = Write(columns[i], rows);
        }

        _groups.Add(new Group(rows, chunks));
    }

    public void Finish(IReadOnlyList<Column> columns)
    {
        Start();
        _head.Clear();
        var writer = new CompactWriter(_head);
        writer.Begin();
        writer.I32(1, 1);
        ParquetSchema.Write(writer, 2, columns);
        writer.I64(3, _groups.Sum(static group => (long)group.Rows));
        writer.Structs(4, _groups.Count);
        foreach (var group in _groups)
        {
            Write(writer, columns, group);
        }

        writer.Text(6, $"dtmcp version {ProgramVersion.Text}");
        writer.End();
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, _head.Length);
        Put(_head.Written);
        Put(length);
        Put(Magic);
    }

    public void Dispose() => _compressor.Dispose();

    private void Start()
    {
        if (_at == 0)
        {
            Put(Magic);
        }
    }

    private Chunk Write(Column column, int rows)
    {
        var values = column.First(rows);
        var valid = PageBody.CountValid(values);
        var (first, plain) = (_at, 0L);
        var hasWords = column.Kind == ColumnKind.Word && column.Words.Count > 0;
        if (hasWords)
        {
            _body.Clear();
            PageBody.WriteWords(_body, column.Words);
            plain += WritePage(DictionaryPage, writer =>
            {
                writer.Begin(7);
                writer.I32(1, column.Words.Count);
                writer.I32(2, Plain);
                writer.End();
            });
        }

        var data = _at;
        _body.Clear();
        PageBody.WriteRows(_body, column, rows, valid);
        plain += WritePage(DataPage, writer =>
        {
            writer.Begin(5);
            writer.I32(1, rows);
            writer.I32(2, hasWords ? RleDictionary : Plain);
            writer.I32(3, Rle);
            writer.I32(4, Rle);
            writer.End();
        });
        return new Chunk(hasWords ? first : null, data, plain, _at - first, column.Kind == ColumnKind.Time ? Bounds(values, valid) : null);
    }

    // Bytes before compression, with the head.
    private long WritePage(int type, Action<CompactWriter> describe)
    {
        _packed.Clear();
        var room = _packed.Room(Compressor.GetCompressBound(_body.Length));
        _packed.Cut(_compressor.Wrap(_body.Written, room));
        _head.Clear();
        var writer = new CompactWriter(_head);
        writer.Begin();
        writer.I32(1, type);
        writer.I32(2, _body.Length);
        writer.I32(3, _packed.Length);
        describe(writer);
        writer.End();
        Put(_head.Written);
        Put(_packed.Written);
        return _head.Length + _body.Length;
    }

    private static void Write(CompactWriter writer, IReadOnlyList<Column> columns, Group group)
    {
        writer.Begin();
        writer.Structs(1, columns.Count);
        for (var i = 0; i < columns.Count; i++)
        {
            Write(writer, columns[i], group.Chunks[i], group.Rows);
        }

        writer.I64(2, group.Chunks.Sum(static chunk => chunk.Plain));
        writer.I64(3, group.Rows);
        writer.I64(6, group.Chunks.Sum(static chunk => chunk.Packed));
        writer.End();
    }

    private static void Write(CompactWriter writer, Column column, Chunk chunk, int rows)
    {
        writer.Begin();
        writer.I64(2, chunk.Words ?? chunk.Data);
        writer.Begin(3);
        writer.I32(1, ParquetSchema.TypeOf(column.Kind));
        writer.Numbers(2, chunk.Words is null ? [Plain, Rle] : [Plain, Rle, RleDictionary]);
        writer.Texts(3, column.Name);
        writer.I32(4, Zstd);
        writer.I64(5, rows);
        writer.I64(6, chunk.Plain);
        writer.I64(7, chunk.Packed);
        writer.I64(9, chunk.Data);
        if (chunk.Words is { } words)
        {
            writer.I64(11, words);
        }

        if (chunk.Bounds is var (least, most, missing))
        {
            Span<byte> number = stackalloc byte[sizeof(long)];
            writer.Begin(12);
            writer.I64(3, missing);
            BinaryPrimitives.WriteInt64LittleEndian(number, most);
            writer.Bytes(5, number);
            BinaryPrimitives.WriteInt64LittleEndian(number, least);
            writer.Bytes(6, number);
            writer.End();
        }

        writer.End();
        writer.End();
    }

    // Who looks for a time need not read the group.
    private static (long Least, long Most, long Missing)? Bounds(ReadOnlySpan<long> values, int valid)
    {
        var (least, most) = (long.MaxValue, long.MinValue);
        foreach (var value in values)
        {
            (least, most) = value == Column.None ? (least, most) : (Math.Min(least, value), Math.Max(most, value));
        }

        return valid == 0 ? null : (least, most, values.Length - valid);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _at += bytes.Length;
    }

    private sealed record Group(int Rows, IReadOnlyList<Chunk> Chunks);

    /// <summary>A column of a group.</summary>
    /// <param name="Words">Where its words stand.</param>
    /// <param name="Data">Where its rows stand.</param>
    /// <param name="Plain">Bytes before compression.</param>
    /// <param name="Packed">Bytes in the file.</param>
    /// <param name="Bounds">The least and the most value, and rows without one.</param>
    private sealed record Chunk(long? Words, long Data, long Plain, long Packed, (long Least, long Most, long Missing)? Bounds);
}
