using System.IO.Pipelines;

namespace DtMcp.Darktrace.Sending;

/// <summary>
/// Receives and unpacks a body on one thread while it is read on another, at most <see cref="MostAhead"/> bytes ahead. An error of the body reaches the reader behind the
/// bytes that came before it.
/// </summary>
internal static class ReadAhead
{
    private const int MostAhead = 1 << 20;

    private static readonly PipeOptions Options = new(
        pauseWriterThreshold: MostAhead, resumeWriterThreshold: MostAhead / 2, minimumSegmentSize: 64 * 1024, useSynchronizationContext: false);

    public static async Task<T> ReadAsync<T>(Stream body, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var pipe = new Pipe(Options);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var receiving = Task.Run(() => body.CopyToAsync(pipe.Writer, stop.Token), CancellationToken.None)
            .ContinueWith(copy => pipe.Writer.Complete(copy.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            var ahead = pipe.Reader.AsStream();
            await using (ahead.ConfigureAwait(false))
            {
                return await read(ahead, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await receiving.ConfigureAwait(false);
        }
    }
}
