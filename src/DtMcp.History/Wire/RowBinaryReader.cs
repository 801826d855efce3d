using System.Buffers.Binary;
using DtMcp.Darktrace.Values;

namespace DtMcp.History.Wire;

/// <summary>
/// Reads an answer in RowBinary. The first column of every query is <see cref="Mark"/>: where a row begins otherwise, the server has put
/// its error behind the rows that it had sent.
/// </summary>
internal sealed class RowBinaryReader(HistoryAnswer answer)
{
    /// <summary>The first column of each row.</summary>
    public const byte Mark = 1;

    /// <summary>Room for a row: its texts are names of protocols, hosts and networks, all bounded where they were read.</summary>
    private const int LongestRow = 1 << 16;

    private readonly byte[] _buffer = new byte[1 << 20];
    private byte[] _list = [];
    private int _at;
    private int _end;
    private bool _isLast;

    /// <summary>Goes to the next row; false at the end.</summary>
    /// <exception cref="HistoryException">The server stopped in the middle.</exception>
    public async ValueTask<bool> NextAsync()
    {
        await RefillAsync().ConfigureAwait(false);
        if (_at == _end)
        {
            return false;
        }

        return _buffer[_at++] == Mark ? true : throw HistoryServer.Failure(_buffer.AsSpan(_at - 1, _end - _at + 1));
    }

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public int I32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long I64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double F64() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public NetAddress Address() => NetAddress.FromBits(BinaryPrimitives.ReadUInt128BigEndian(Take(16)));

    /// <summary>A text in UTF-8, good until the next row.</summary>
    public ReadOnlySpan<byte> Text() => Take(Count());

    /// <summary>A list of addresses.</summary>
    public IReadOnlyList<NetAddress> Addresses()
    {
        var count = Count();
        if (count == 0)
        {
            return [];
        }

        var bits = Take(count <= LongestRow / 16 ? count * 16 : throw Broken());
        var addresses = new NetAddress[count];
        for (var i = 0; i < count; i++)
        {
            addresses[i] = NetAddress.FromBits(BinaryPrimitives.ReadUInt128BigEndian(bits[(i * 16)..]));
        }

        return addresses;
    }

    /// <summary>A list of numbers of so many bytes each, however long, good until the next one.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> NumbersAsync(int width)
    {
        await RefillAsync().ConfigureAwait(false);
        var bytes = checked(Count() * width);
        if (_list.Length < bytes)
        {
            _list = new byte[Math.Max(bytes, _list.Length * 2)];
        }

        for (var filled = 0; filled < bytes;)
        {
            if (_at == _end)
            {
                await RefillAsync().ConfigureAwait(false);
            }

            var some = Math.Min(bytes - filled, _end - _at);
            // Where the server stopped within it, what it says is a part of the list by now.
            Take(some > 0 ? some : throw Broken()).CopyTo(_list.AsSpan(filled));
            filled += some;
        }

        await RefillAsync().ConfigureAwait(false);
        return _list.AsMemory(0, bytes);
    }

    private ValueTask RefillAsync() => _end - _at < LongestRow && !_isLast ? FillAsync() : ValueTask.CompletedTask;

    private int Count()
    {
        var count = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = Take(1)[0];
            count |= (b & 0x7F) << shift;
            if (b < 0x80)
            {
                return shift <= 21 ? count : throw Broken();
            }
        }
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes < 0 || _end - _at < bytes)
        {
            // The row before may have been cut by the server's error.
            throw _isLast ? HistoryServer.Failure(_buffer.AsSpan(_at, _end - _at)) : Broken();
        }

        _at += bytes;
        return _buffer.AsSpan(_at - bytes, bytes);
    }

    private async ValueTask FillAsync()
    {
        _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
        (_at, _end) = (0, _end - _at);
        while (_end < LongestRow && !_isLast)
        {
            var read = await answer.ReadAsync(_buffer.AsMemory(_end)).ConfigureAwait(false);
            _end += read;
            _isLast = read == 0;
        }
    }

    private static HistoryException Broken() => new("The history's answer cannot be read.", "Look into ClickHouse's log.", -1);
}
