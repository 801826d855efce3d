using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace DtMcp.Serving;

/// <summary>A stream taken apart into lines, none of them kept beyond a bound.</summary>
internal static class LineReader
{
    /// <summary>
    /// The lines that are not blank; null stands for one that was too long, of which nothing is kept. Each is good until the next is asked
    /// for.
    /// </summary>
    public static async IAsyncEnumerable<ReadOnlySequence<byte>?> ReadAsync(Stream input, int longest,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(leaveOpen: true));
        var isSkipping = false;
        ReadResult result;
        do
        {
            result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                if (!isSkipping && buffer.Slice(0, end) is var line && !IsBlank(line))
                {
                    yield return line.Length > longest ? null : line;
                }

                isSkipping = false;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (buffer.Length > longest)
            {
                if (!isSkipping)
                {
                    yield return null;
                }

                isSkipping = true;
                buffer = buffer.Slice(buffer.End);
            }

            // The last line may lack its end.
            if (result.IsCompleted && !isSkipping && !IsBlank(buffer))
            {
                yield return buffer;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
        while (!result.IsCompleted);
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r\n"u8))
            {
                return false;
            }
        }

        return true;
    }
}
