namespace DtMcp.Tests.Reading;

/// <summary>Hands out a body in pieces whose sizes a function says; may break off with an exception at the end.</summary>
internal sealed class ChoppedStream(byte[] body, Func<int> piece, Exception? atEnd = null) : MemoryStream(body)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var read = Read(buffer.Span[..Math.Min(buffer.Length, Math.Max(1, piece()))]);
        return read == 0 && atEnd is not null ? ValueTask.FromException<int>(atEnd) : ValueTask.FromResult(read);
    }
}
