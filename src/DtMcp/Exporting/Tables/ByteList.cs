using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DtMcp.Exporting.Tables;

/// <summary>Bytes that grow, low ones of a number first.</summary>
internal sealed class ByteList
{
    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void U8(int value) => Room(1)[0] = (byte)value;

    public void I32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Room(sizeof(int)), value);

    public void I64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), value);

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    public void Raw(ReadOnlySpan<long> numbers) => Raw(MemoryMarshal.AsBytes(numbers));

    /// <summary>Seven bits a byte, the high bit of each but the last set.</summary>
    public void Variable(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            U8((int)(value | 0x80) & 0xFF);
        }

        U8((int)value);
    }

    /// <summary>Room for so many bytes at the end, to be filled.</summary>
    public Span<byte> Room(int bytes)
    {
        if (Length + bytes > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(Length + bytes, _bytes.Length * 2));
        }

        Length += bytes;
        return _bytes.AsSpan(Length - bytes, bytes);
    }

    /// <summary>Takes bytes back from the end.</summary>
    public void Cut(int length) => Length = length;

    /// <summary>Writes a number over four bytes that are there.</summary>
    public void Patch(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(at), value);
}
