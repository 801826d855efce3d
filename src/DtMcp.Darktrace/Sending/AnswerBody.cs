namespace DtMcp.Darktrace.Sending;

/// <summary>
/// The body of an answer, of which the first bytes may have been looked at already. Whatever packed it, what cannot be unpacked is an
/// <see cref="InvalidDataException"/>: brotli's decoder calls it an invalid operation, which would pass for a fault of the program. What is
/// read counts for the lane of who asked.
/// </summary>
internal sealed class AnswerBody(ReadOnlyMemory<byte> prefix, Stream rest) : Stream
{
    private readonly Lane? _lane = Lane.Current;
    private ReadOnlyMemory<byte> _prefix = prefix;

    /// <summary>Bytes that were read so far, unpacked.</summary>
    public long BytesRead { get; private set; }

    public AnswerBody(Stream body)
        : this(default, body)
    {
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_prefix.IsEmpty)
        {
            return TakePrefix(buffer.Span);
        }

        try
        {
            return Counted(await rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
        }
        catch (InvalidOperationException error) when (IsGarbage(error))
        {
            throw Garbage(error);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (!_prefix.IsEmpty)
        {
            return TakePrefix(buffer.AsSpan(offset, count));
        }

        try
        {
            return Counted(rest.Read(buffer, offset, count));
        }
        catch (InvalidOperationException error) when (IsGarbage(error))
        {
            throw Garbage(error);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await rest.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
        }

        base.Dispose(disposing);
    }

    private int TakePrefix(Span<byte> to)
    {
        var count = Math.Min(to.Length, _prefix.Length);
        _prefix.Span[..count].CopyTo(to);
        _prefix = _prefix[count..];
        return Counted(count);
    }

    private int Counted(int count)
    {
        BytesRead += count;
        // One that goes on behind the first bytes is read by another of its kind.
        if (rest is not AnswerBody)
        {
            _lane?.Count(bytes: count);
        }

        return count;
    }

    private static bool IsGarbage(InvalidOperationException error) => error is not ObjectDisposedException;

    private static InvalidDataException Garbage(InvalidOperationException error) => new("The body cannot be unpacked.", error);
}
