namespace DtMcp.History.Wire;

/// <summary>The body of an answer as it comes. Left before its end, its query is killed.</summary>
internal sealed class HistoryAnswer(
    HttpResponseMessage response, Stream body, CancellationTokenSource either, CancellationTokenSource timeout,
    Func<Task> kill, CancellationToken callers) : IDisposable
{
    private bool _isAtEnd;

    /// <summary>Reads on; 0 at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> into)
    {
        try
        {
            var read = await body.ReadAsync(into, either.Token).ConfigureAwait(false);
            _isAtEnd |= read == 0;
            return read;
        }
        catch (OperationCanceledException error)
        {
            await StopAsync().ConfigureAwait(false);
            callers.ThrowIfCancellationRequested();
            throw HistoryServer.TooSlow(error);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            _isAtEnd = true;
            throw HistoryServer.Unreachable(error);
        }
    }

    /// <summary>Reads what is left, which nobody wants.</summary>
    public async Task EndAsync()
    {
        var rest = new byte[256];
        while (await ReadAsync(rest).ConfigureAwait(false) > 0)
        {
        }
    }

    /// <summary>Ends the query on the server where it has not ended.</summary>
    public async Task StopAsync()
    {
        if (!_isAtEnd)
        {
            _isAtEnd = true;
            await kill().ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        response.Dispose();
        either.Dispose();
        timeout.Dispose();
    }
}
