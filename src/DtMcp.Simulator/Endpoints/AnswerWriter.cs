using System.Buffers;
using System.Text.Json;

namespace DtMcp.Simulator.Endpoints;

/// <summary>
/// The body of an answer on its way out. Bytes gather in one buffer that goes to the wire whenever it holds 64 KB, so an answer of any size
/// is never in memory as a whole: endpoints call <see cref="DrainAsync"/> between rows.
/// </summary>
internal sealed class AnswerWriter(Stream body, bool indented) : IBufferWriter<byte>
{
    private const int DrainBytes = 64 * 1024;

    private byte[] _buffer = new byte[DrainBytes + 16 * 1024];
    private int _used;
    private Utf8JsonWriter? _json;

    /// <summary>Rows in the answer, for the log.</summary>
    public long Rows { get; set; }

    /// <summary>Bytes written so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>JSON into this body, pretty-printed with two spaces as an appliance does (rows of the sdk dialect are not).</summary>
    public Utf8JsonWriter Json =>
        _json ??= new Utf8JsonWriter(this, new JsonWriterOptions { Indented = indented, SkipValidation = true, NewLine = "\n" });

    public void Advance(int count)
    {
        _used += count;
        Bytes += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_used);
    }

    /// <summary>Bytes as they stand. Not to be mixed with <see cref="Json"/> while that holds something.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_used));
        Advance(bytes.Length);
    }

    /// <summary>Sends what has gathered once it is worth a write. Cheap when it is not.</summary>
    public ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        if (_json is { BytesPending: > 0 })
        {
            _json.Flush();
        }

        return _used >= DrainBytes ? SendAsync(cancellationToken) : ValueTask.CompletedTask;
    }

    /// <summary>Sends the rest.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        _json?.Flush();
        await SendAsync(cancellationToken).ConfigureAwait(false);
        await body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        await body.WriteAsync(_buffer.AsMemory(0, _used), cancellationToken).ConfigureAwait(false);
        _used = 0;
    }

    private void Reserve(int sizeHint)
    {
        var wanted = _used + Math.Max(sizeHint, 1);
        if (wanted > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(wanted, _buffer.Length * 2));
        }
    }
}
