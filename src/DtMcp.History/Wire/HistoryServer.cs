using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;

namespace DtMcp.History.Wire;

/// <summary>
/// One node, by ClickHouse's HTTP interface. Every query carries its bounds of time, memory and rows; one that nobody waits for any more
/// is killed. Reads are tried again where the first try did not get through, writes never.
/// </summary>
internal sealed class HistoryServer : IDisposable
{
    private const int Attempts = 3;

    // The longest error that is looked at for its number.
    private const int LongestError = 4096;

    private static readonly TimeSpan KillWithin = TimeSpan.FromSeconds(5);

    // What the network may take beyond the server's own bound of time.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    private readonly HistoryOptions _options;
    private readonly TimeProvider _time;
    private readonly Uri _node;
    private readonly HttpMessageInvoker _wire;

    /// <param name="options">The settings.</param>
    /// <param name="node">Its address.</param>
    /// <param name="time">The clock of bounds and waits.</param>
    /// <param name="around">Stands around the sockets in a test.</param>
    public HistoryServer(HistoryOptions options, Uri node, TimeProvider time, DelegatingHandler? around = null)
    {
        (_options, _node, _time) = (options, node, time);
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // A server closes what is unused after a few seconds; one that it is closing just now would fail a write.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
            AutomaticDecompression = DecompressionMethods.GZip,
        };
        if (options.CaFile is not null)
        {
            var trust = ServerTrust.Create(new DarktraceOptions
            {
                Host = node,
                PublicToken = "",
                PrivateToken = new Secret(""),
                CaFile = options.CaFile,
            });
            sockets.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                trust.Accepts(certificate, chain, errors);
        }

        if (around is not null)
        {
            around.InnerHandler = sockets;
        }

        _wire = new HttpMessageInvoker((HttpMessageHandler?)around ?? sockets);
    }

    /// <summary>Where compressing costs more than it saves.</summary>
    private bool IsNear => _node.IsLoopback;

    /// <summary>Runs a statement that gives nothing back.</summary>
    public async Task RunAsync(Sql statement, CancellationToken cancellationToken)
    {
        using var answer = await AskAsync(statement, new QueryLimits { Writes = true }, cancellationToken).ConfigureAwait(false);
        await answer.EndAsync().ConfigureAwait(false);
    }

    /// <summary>All rows of a small answer.</summary>
    public async Task<IReadOnlyList<T>> ReadAsync<T>(Sql query, Func<RowBinaryReader, T> row, CancellationToken cancellationToken)
    {
        using var answer = await AskAsync(query, new QueryLimits(), cancellationToken).ConfigureAwait(false);
        var reader = new RowBinaryReader(answer);
        List<T> rows = [];
        while (await reader.NextAsync().ConfigureAwait(false))
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>An answer as it comes. Its query ends with a format.</summary>
    public async Task<HistoryAnswer> AskAsync(Sql query, QueryLimits limits, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(query, limits, cancellationToken).ConfigureAwait(false);
            }
            catch (HistoryException failure) when (failure.IsPassing && !limits.Writes && attempt < Attempts)
            {
                await Task.Delay(_options.Pause * (1 << (attempt - 1)), _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Puts rows into a table, on the calling thread: whoever makes the rows waits until the server has them. <paramref name="table"/> is
    /// the table with its columns.
    /// </summary>
    public void Insert(Sql table, ReadOnlyMemory<byte> rows, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout + Slack, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        // A Distributed table would else say yes before its shards have the rows.
        var query = $"&insert_distributed_sync=1&query={Uri.EscapeDataString($"INSERT INTO {table.Text} FORMAT RowBinary")}";
        using var request = Request(query, Packed(rows), new QueryLimits { Writes = true }, Id());
        if (!IsNear)
        {
            request.Content!.Headers.ContentEncoding.Add("gzip");
        }

        try
        {
            using var response = _wire.Send(request, either.Token);
            using var body = response.Content.ReadAsStream(either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw Failure(Head(body));
            }
        }
        catch (HttpRequestException error)
        {
            throw Unreachable(error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooSlow(error);
        }
    }

    public void Dispose() => _wire.Dispose();

    private HttpContent Packed(ReadOnlyMemory<byte> rows)
    {
        if (IsNear)
        {
            return new ReadOnlyMemoryContent(rows);
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(rows.Span);
        }

        return new ByteArrayContent(packed.GetBuffer(), 0, (int)packed.Length);
    }

    private async Task<HistoryAnswer> TryAsync(Sql query, QueryLimits limits, CancellationToken cancellationToken)
    {
        var id = Id();
        var timeout = new CancellationTokenSource(_options.Timeout + Slack, _time);
        var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        HttpResponseMessage? response = null;
        HistoryAnswer? answer = null;
        try
        {
            using var request = Request("", new ByteArrayContent(Encoding.UTF8.GetBytes(query.Text)), limits, id);
            response = await _wire.SendAsync(request, either.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw Failure(await HeadAsync(body, either.Token).ConfigureAwait(false));
            }

            answer = new HistoryAnswer(response, body, either, timeout, () => KillAsync(id), cancellationToken);
            return answer;
        }
        catch (HttpRequestException error)
        {
            throw Unreachable(error);
        }
        catch (OperationCanceledException error)
        {
            await KillAsync(id).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw TooSlow(error);
        }
        finally
        {
            if (answer is null)
            {
                response?.Dispose();
                either.Dispose();
                timeout.Dispose();
            }
        }
    }

    // The server goes on with a query until it has something to send to who has gone.
    private async Task KillAsync(string id)
    {
        using var within = new CancellationTokenSource(KillWithin, _time);
        try
        {
            var kill = Sql.Of($"KILL QUERY WHERE query_id = {id} ASYNC");
            using var request = Request("", new ByteArrayContent(Encoding.UTF8.GetBytes(kill.Text)), new QueryLimits(), Id());
            using var response = await _wire.SendAsync(request, within.Token).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException)
        {
            // Its own bound of time ends it.
        }
    }

    private HttpRequestMessage Request(string more, HttpContent content, QueryLimits limits, string id)
    {
        var settings = new StringBuilder("/?query_id=").Append(id)
            .Append(CultureInfo.InvariantCulture, $"&max_execution_time={(long)Math.Ceiling(_options.Timeout.TotalSeconds)}")
            .Append(CultureInfo.InvariantCulture, $"&max_memory_usage={_options.MaxMemory}");
        if (limits.Spills)
        {
            settings.Append(CultureInfo.InvariantCulture, $"&max_bytes_before_external_group_by={_options.MaxMemory / 2}");
        }

        if (!limits.Writes)
        {
            // 2: reads, though the user may write.
            settings.Append(CultureInfo.InvariantCulture, $"&readonly=2&max_rows_to_read={_options.MaxRows}")
                .Append(limits.WaitsForEnd ? "&wait_end_of_query=1" : "").Append(IsNear ? "" : "&enable_http_compression=1");
        }

        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_node, settings.Append(more).ToString())) { Content = content };
        request.Headers.Add("X-ClickHouse-User", _options.User);
        if (_options.Password is { IsEmpty: false } password)
        {
            request.Headers.Add("X-ClickHouse-Key", Encoding.UTF8.GetString(password.Key));
        }

        return request;
    }

    private static string Id() => "dtmcp" + RandomNumberGenerator.GetHexString(24, lowercase: true);

    private static async Task<byte[]> HeadAsync(Stream body, CancellationToken cancellationToken)
    {
        var head = new byte[LongestError];
        var read = await body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return head[..read];
    }

    private static byte[] Head(Stream body)
    {
        var head = new byte[LongestError];
        return head[..body.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
    }

    /// <summary>What the server's words are about: only the number counts, the rest may hold text of the network.</summary>
    internal static HistoryException Failure(ReadOnlySpan<byte> words)
    {
        var at = words.IndexOf("Code: "u8);
        var number = 0;
        for (at += at < 0 ? 0 : 6; at > 0 && at < words.Length && words[at] is >= (byte)'0' and <= (byte)'9' && number < 100_000; at++)
        {
            number = (number * 10) + words[at] - '0';
        }

        return number > 0
            ? HistoryException.Of(number)
            : new HistoryException("What answers for the history is no ClickHouse.", "Check DTMCP_HISTORY_URL.", -1);
    }

    internal static HistoryException Unreachable(Exception error) =>
        new("The history does not answer.", "Check DTMCP_HISTORY_URL, and that ClickHouse runs.", 0, error);

    internal static HistoryException TooSlow(Exception error) =>
        new("The history took too long.", "Ask a shorter window, or raise DTMCP_HISTORY_TIMEOUT.", 159, error);
}
