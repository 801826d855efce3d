using System.Buffers.Binary;
using System.Text;
using DtMcp.Darktrace.Values;

namespace DtMcp.History.Wire;

/// <summary>Makes rows in RowBinary: numbers little-endian, texts with their length before them.</summary>
internal sealed class RowBinaryWriter
{
    private byte[] _buffer = new byte[1 << 16];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Rows => _buffer.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void U8(byte value) => Room(1)[0] = value;

    public void U16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Room(2), value);

    public void U32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Room(4), value);

    public void I32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Room(4), value);

    public void I64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);

    /// <summary>Days since 1970.</summary>
    public void Date(long milliseconds) => U16((ushort)Math.Clamp(milliseconds / 86_400_000, 0, ushort.MaxValue));

    public void Address(NetAddress value) => BinaryPrimitives.WriteUInt128BigEndian(Room(16), value.Bits);

    /// <summary>Its length before it.</summary>
    public void Addresses(IReadOnlyList<NetAddress> values)
    {
        Count((uint)values.Count);
        foreach (var value in values)
        {
            Address(value);
        }
    }

    /// <summary>Columns that were made before.</summary>
    public void Raw(ReadOnlySpan<byte> columns) => columns.CopyTo(Room(columns.Length));

    public void Text(string? value) => Text(Encoding.UTF8.GetBytes(value ?? ""));

    public void Text(ReadOnlySpan<byte> utf8)
    {
        Count((uint)utf8.Length);
        utf8.CopyTo(Room(utf8.Length));
    }

    // Seven bits a byte, the lowest first.
    private void Count(uint count)
    {
        for (; count >= 0x80; count >>= 7)
        {
            U8((byte)(count | 0x80));
        }

        U8((byte)count);
    }

    private Span<byte> Room(int bytes)
    {
        if (_buffer.Length - Length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + bytes));
        }

        Length += bytes;
        return _buffer.AsSpan(Length - bytes, bytes);
    }
}
