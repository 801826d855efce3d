using System.Buffers.Binary;
using System.Text;
using ZstdSharp;

namespace DtMcp.Simulator.Records.Exports;

/// <summary>A column of a row group: whether each row has a value, and which.</summary>
internal sealed class ParquetColumn
{
    private const int MaxPageBytes = 256 << 20;

    private readonly int _type;
    private readonly List<string> _words = [];
    private readonly long[] _values;
    private readonly bool[] _has;
    private int _rows;

    private ParquetColumn(int type, int rows) => (_type, _values, _has) = (type, new long[rows], new bool[rows]);

    public long? Number(int row) => _has[row] ? _values[row] : null;

    public double? Real(int row) => _has[row] ? BitConverter.Int64BitsToDouble(_values[row]) : null;

    public string? Text(int row) => _has[row] ? _words[(int)_values[row]] : null;

    /// <param name="file">The file.</param>
    /// <param name="about">What the end of the file says of the column.</param>
    /// <param name="rows">Rows of the group.</param>
    public static ParquetColumn Read(Stream file, ThriftTree about, int rows)
    {
        var column = new ParquetColumn(about.Small(1), rows);
        var first = about.Has(11) ? Math.Min(about.Number(11), about.Number(9)) : about.Number(9);
        var bytes = new byte[checked((int)Math.Clamp(about.Number(7), 0, MaxPageBytes))];
        file.Position = first;
        file.ReadExactly(bytes);
        var (at, codec) = (0, about.Small(4));
        while (column._rows < rows)
        {
            column.ReadPage(bytes, ref at, codec);
        }

        return column;
    }

    private void ReadPage(ReadOnlySpan<byte> bytes, ref int at, int codec)
    {
        var head = ThriftTree.Read(bytes, ref at);
        var packed = bytes.Slice(at, head.Small(3));
        at += packed.Length;
        if (head.Small(2) is < 0 or > MaxPageBytes)
        {
            throw new InvalidDataException("a page is too large");
        }

        var page = codec switch
        {
            0 => packed.ToArray(),
            6 => Unpack(packed, head.Small(2)),
            _ => throw new NotSupportedException($"compression {codec} is not read, only zstd"),
        };
        switch (head.Small(1))
        {
            case 2:
                ReadTexts(page, head.Struct(7).Small(1));
                break;
            case 0:
                var about = head.Struct(5);
                ReadRows(page, about.Small(1), about.Small(2));
                break;
            default:
                throw new NotSupportedException("only pages of version 1 are read");
        }
    }

    private static byte[] Unpack(ReadOnlySpan<byte> packed, int length)
    {
        using var decompressor = new Decompressor();
        var page = new byte[length];
        return decompressor.Unwrap(packed, page) == length ? page : throw new InvalidDataException("a page is shorter than it says");
    }

    private void ReadRows(ReadOnlySpan<byte> page, int rows, int encoding)
    {
        if (rows <= 0 || rows > _values.Length - _rows)
        {
            throw new InvalidDataException("a page has other rows than its group");
        }

        var at = sizeof(int);
        var end = at + BinaryPrimitives.ReadInt32LittleEndian(page);
        var levels = HybridReader.Read(page[at..end], rows, 1);
        var valid = levels.Count(static level => level == 1);
        var values = Values(page[end..], valid, encoding);
        for (var (i, next) = (0, 0); i < rows; i++)
        {
            _has[_rows + i] = levels[i] == 1;
            _values[_rows + i] = levels[i] == 1 ? values[next++] : 0;
        }

        _rows += rows;
    }

    private long[] Values(ReadOnlySpan<byte> bytes, int count, int encoding)
    {
        var values = new long[count];
        if (count == 0)
        {
            return values;
        }

        if (encoding is 2 or 8)
        {
            var numbers = HybridReader.Read(bytes[1..], count, bytes[0]);
            return _type == 6 ? Array.ConvertAll(numbers, static number => (long)number)
                : throw new NotSupportedException("a dictionary of numbers is not read");
        }

        if (encoding != 0)
        {
            throw new NotSupportedException($"encoding {encoding} is not read");
        }

        if (_type == 6)
        {
            var first = _words.Count;
            ReadTexts(bytes, count);
            return [.. Enumerable.Range(first, count).Select(static number => (long)number)];
        }

        for (var i = 0; i < count; i++)
        {
            values[i] = _type switch
            {
                0 => (bytes[i / 8] >> (i % 8)) & 1,
                1 => BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]),
                2 or 5 => BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * sizeof(long))..]),
                _ => throw new NotSupportedException($"type {_type} is not read"),
            };
        }

        return values;
    }

    private void ReadTexts(ReadOnlySpan<byte> bytes, int count)
    {
        for (var (i, at) = (0, 0); i < count; i++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
            _words.Add(Encoding.UTF8.GetString(bytes.Slice(at + sizeof(int), length)));
            at += sizeof(int) + length;
        }
    }
}
