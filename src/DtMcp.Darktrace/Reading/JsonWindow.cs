using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace DtMcp.Darktrace.Reading;

/// <summary>
/// The part of a body that is in memory: one pooled, contiguous stretch of checked UTF-8 that slides over the stream and grows only when one value does
/// not fit. Behind the last byte stand <see cref="Padding"/> zero bytes, which no JSON text holds, so that scanning code can stop without counting.
/// </summary>
internal sealed class JsonWindow : IDisposable
{
    /// <summary>Zero bytes behind the text; a vector may be loaded from any byte of it.</summary>
    public const int Padding = 64;

    /// <summary>With its padding one pooled array of 256 KiB.</summary>
    public const int UsualBytes = (256 * 1024) - Padding;

    /// <summary>The longest value that is held at once.</summary>
    public const int MostBytes = (16 * 1024 * 1024) - Padding;

    private readonly Stream _body;
    private readonly byte[] _tail = new byte[3];
    private byte[] _buffer;
    private int _capacity;
    private int _start;
    private int _end;
    private int _tailLength;
    private bool _first = true;
    private bool _invalid;
    private Exception? _broken;

    public JsonWindow(Stream body, int bytes)
    {
        _body = body;
        _capacity = bytes;
        _buffer = ArrayPool<byte>.Shared.Rent(bytes + Padding);
        Array.Clear(_buffer, 0, Padding);
    }

    /// <summary>Text that is here and not consumed yet.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Whether <see cref="Unread"/> reaches the end of the body.</summary>
    public bool IsFinal { get; private set; }

    /// <summary>Bytes taken from the stream.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Rows that the parser has read whole; only for what a refusal says.</summary>
    public long Rows { get; set; }

    public void Consume(int bytes) => _start += bytes;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = 0;
    }

    /// <summary>
    /// Adds at least as much text as is unread, or reaches the end of the body. Doubling keeps the work for one long value that is scanned anew after each
    /// refill linear in its length.
    /// </summary>
    public async ValueTask RefillAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_invalid)
        {
            throw BadAnswer.NotUtf8(Rows, BytesRead);
        }

        if (_broken is not null)
        {
            throw BadAnswer.Broken(Rows, BytesRead, _broken);
        }

        if (IsFinal)
        {
            throw BadAnswer.NotJson(Rows, BytesRead);
        }

        MakeRoom();
        var wanted = _end * 2 + 1;
        var ended = false;
        var from = _end;
        _tail.AsSpan(0, _tailLength).CopyTo(_buffer.AsSpan(_end));
        _end += _tailLength;
        try
        {
            do
            {
                var read = await _body.ReadAsync(_buffer.AsMemory(_end, _capacity - _end), cancellationToken).ConfigureAwait(false);
                ended = read == 0;
                _end += read;
                BytesRead += read;
            }
            while (!ended && (_end < wanted || (_first && _end < 3)) && _end < _capacity);
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException)
        {
            // What came before the break is still read, so that the refusal says how many rows were whole.
            _broken = broken;
        }

        Check(from, ended);
        SkipMark();
        _buffer.AsSpan(_end, Padding).Clear();
        IsFinal = ended && !_invalid;
    }

    private void MakeRoom()
    {
        var unread = _end - _start;
        // At least half of the window has to be free, and room for a byte order mark and a cut character.
        var needed = Math.Max((unread * 2) + 1, 3) + _tail.Length;
        if (needed > _capacity)
        {
            if (unread >= MostBytes)
            {
                throw BadAnswer.TooLong(Rows, BytesRead);
            }

            _capacity = Math.Min(Math.Max(_capacity * 2, needed), MostBytes + 8);
            var grown = ArrayPool<byte>.Shared.Rent(_capacity + Padding);
            Unread.CopyTo(grown);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = grown;
        }
        else if (_start > 0)
        {
            Unread.CopyTo(_buffer);
        }

        _start = 0;
        _end = unread;
    }

    // A character cut by the window's end waits in the tail. Text up to the first invalid byte is still read, so that a refusal does not depend on how the
    // stream was cut.
    private void Check(int from, bool ended)
    {
        _tailLength = ended ? 0 : CutCharacter();
        _end -= _tailLength;
        _buffer.AsSpan(_end, _tailLength).CopyTo(_tail);
        var added = _buffer.AsSpan(from, _end - from);
        if (Utf8.IsValid(added))
        {
            return;
        }

        _invalid = true;
        _end = from;
        while (Rune.DecodeFromUtf8(added, out _, out var length) == OperationStatus.Done)
        {
            _end += length;
            added = added[length..];
        }
    }

    private int CutCharacter()
    {
        for (var back = 1; back <= Math.Min(3, _end); back++)
        {
            var lead = _buffer[_end - back];
            if ((lead & 0xC0) != 0x80)
            {
                var length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
                return length > back ? back : 0;
            }
        }

        return 0;
    }

    // RFC 8259 8.1: a parser may ignore a byte order mark.
    private void SkipMark()
    {
        if (_first && _buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8))
        {
            _start = 3;
        }

        _first = false;
    }
}
