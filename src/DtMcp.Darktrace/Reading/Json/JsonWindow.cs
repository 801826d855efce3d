using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace DtMcp.Darktrace.Reading.Json;

/// <summary>
/// The part of a body that is in memory: one contiguous stretch of checked UTF-8 that slides over the stream and grows only when one value
/// does not fit. What is unread moves in front of the next piece of the <see cref="ReadAhead"/>, so nearly nothing is copied. Behind the
/// last byte stand <see cref="Padding"/> zero bytes, which no JSON text holds, so that scanning code can stop without counting.
/// </summary>
internal sealed class JsonWindow : IAsyncDisposable
{
    /// <summary>
    /// Zero bytes behind the text; a vector may be loaded from any byte of it, and from the first zero. Vectors have 32 bytes: this is room
    /// for those of 64.
    /// </summary>
    public const int Padding = 64;

    /// <summary>
    /// With its padding and the room before it one pooled array of 256 KiB: it stays in the second-level cache between the thread that
    /// receives and the one that reads, and a refill costs nothing beside reading it. Debug builds take 4 KiB, so that tests meet the end
    /// of a window within every kind of value.
    /// </summary>
    public const int UsualBytes = (ArrayBytes - Padding) / 65 * 64;

    /// <summary>The same of one page among several that are read at once: an array of 64 KiB, of which a few are ahead.</summary>
    public const int PageBytes = (PageArrayBytes - Padding) / 65 * 64;

    /// <summary>The longest value that is held at once: a row, an entry of a table. A row has some hundred bytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

#if DEBUG
    private const int ArrayBytes = 4 * 1024;
    private const int PageArrayBytes = 4 * 1024;
#else
    private const int ArrayBytes = 256 * 1024;
    private const int PageArrayBytes = 64 * 1024;
#endif

    private readonly ReadAhead _feed;
    private readonly byte[] _tail = new byte[3];
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _tailLength;
    private bool _first = true;
    private bool _invalid;
    private Exception? _broken;

    /// <param name="body">The body.</param>
    /// <param name="bytes">How many bytes of it are taken at once.</param>
    /// <param name="cancellationToken">Stops the receiving.</param>
    public JsonWindow(Stream body, int bytes, CancellationToken cancellationToken) => _feed = new ReadAhead(body, bytes, cancellationToken);

    /// <summary>Text that is here and not consumed yet.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Whether <see cref="Unread"/> reaches the end of the body.</summary>
    public bool IsFinal { get; private set; }

    /// <summary>Bytes taken from the stream.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Rows that the parser has read whole; only for what a refusal says.</summary>
    public long Rows { get; set; }

    // What scans text loads vectors and words without a look at the end: zeros have to stand there, and enough of them.
    [Conditional("DEBUG")]
    public static void AssertPadded(ReadOnlySpan<byte> text)
    {
        var padded = MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetReference(text), text.Length + Padding);
        Debug.Assert(!padded[text.Length..].ContainsAnyExcept((byte)0), "Text without zeros behind it.");
    }

    public void Consume(int bytes)
    {
        Debug.Assert(bytes >= 0 && bytes <= _end - _start, "More text than there is.");
        _start += bytes;
    }

    public async ValueTask DisposeAsync()
    {
        Return();
        await _feed.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Adds more text than is unread, or reaches the end of the body. Doubling keeps the work for one long value that is scanned anew after
    /// each refill linear in its length.
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

        var unread = _end - _start;
        if (unread >= MaxBytes)
        {
            throw BadAnswer.TooLong(Rows, BytesRead);
        }

        bool ended;
        var isAscii = _tailLength == 0;
        do
        {
            var piece = await _feed.NextAsync(cancellationToken).ConfigureAwait(false);
            Append(in piece);
            // What came before a break is still read, so that the refusal says how many rows were whole.
            (ended, _broken) = (piece.IsLast, piece.Broken);
            BytesRead += piece.Length;
            isAscii &= piece.IsAscii;
        }
        while (!ended && _broken is null && _end - _start is var length && length < MaxBytes
            && (length <= unread * 2 || (_first && length < 3)));

        if (!isAscii)
        {
            Check(_start + unread, ended);
        }

        SkipMark();
        _buffer.AsSpan(_end, Padding).Clear();
        IsFinal = ended && !_invalid;
    }

    // A character that the last piece cut goes in front of its rest.
    private void Append(in ReadAhead.Piece piece)
    {
        var kept = _end - _start + _tailLength;
        if (kept <= piece.Start)
        {
            Keep(piece.Array, piece.Start - kept);
        }
        else
        {
            if (_buffer.Length - _end < _tailLength + piece.Length + Padding)
            {
                // Twice as much, so that a long value moves a few times only.
                Keep(Buffers.Rent(Math.Max(kept * 2, kept + piece.Length) + Padding), 0);
            }
            else
            {
                KeepTail();
            }

            piece.Array.AsSpan(piece.Start, piece.Length).CopyTo(_buffer.AsSpan(_end));
            Buffers.Return(piece.Array);
        }

        _end += piece.Length;
    }

    private void Keep(byte[] to, int at)
    {
        var unread = Unread;
        unread.CopyTo(to.AsSpan(at));
        var end = at + unread.Length;
        Return();
        (_buffer, _start, _end) = (to, at, end);
        KeepTail();
    }

    private void KeepTail()
    {
        _tail.AsSpan(0, _tailLength).CopyTo(_buffer.AsSpan(_end));
        _end += _tailLength;
        _tailLength = 0;
    }

    private void Return()
    {
        Buffers.Return(_buffer);
        (_buffer, _start, _end) = ([], 0, 0);
    }

    // A character cut by the window's end waits in the tail. Text up to the first invalid byte is still read, so that a refusal does not
    // depend on how the stream was cut.
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
        for (var back = 1; back <= Math.Min(3, _end - _start); back++)
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
        if (_first && Unread.StartsWith("\uFEFF"u8))
        {
            _start += 3;
        }

        _first = false;
    }
}
