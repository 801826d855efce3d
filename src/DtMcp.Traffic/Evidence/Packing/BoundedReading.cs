namespace DtMcp.Traffic.Evidence.Packing;

/// <summary>Reads no more than so many bytes of an unpacking stream.</summary>
internal sealed class BoundedReading(Stream from, long most) : Stream
{
    private long _left = most;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var read = from.Read(buffer);
            _left -= read;
            return _left >= 0 ? read : throw new InvalidDataException("It unpacks to more than any capture holds.");
        }
        catch (InvalidOperationException error)
        {
            // What Brotli says of bytes that are none of its own.
            throw new InvalidDataException("It cannot be unpacked.", error);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
