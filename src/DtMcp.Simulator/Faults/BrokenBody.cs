namespace DtMcp.Simulator.Faults;

/// <summary>
/// A body that goes wrong after some bytes: it ends there, or goes on as something that is no JSON. What follows is dropped.
/// </summary>
internal sealed class BrokenBody(Stream inner, long wholeBytes, ReadOnlyMemory<byte> insteadOfTheRest) : Stream
{
    private bool _broken;
    private long _left = wholeBytes;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_broken)
        {
            return;
        }

        var whole = (int)Math.Min(buffer.Length, _left);
        await inner.WriteAsync(buffer[..whole], cancellationToken).ConfigureAwait(false);
        _left -= whole;
        if (_left == 0)
        {
            _broken = true;
            await inner.WriteAsync(insteadOfTheRest, cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
