using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Support;

/// <summary>An appliance of the guide's shape that is not our emulator: real HTTP, and answers that a test writes, path by path. A path
/// without one is unknown to it.</summary>
internal sealed class StandIn : IAsyncDisposable
{
    public const string Tables =
        """{"statistics":[{"protocols":[{"protocol":"TCP","in":5000,"out":700}]},"""
        + """{"intext":[{"intext":"External","in":5000,"out":700}]}],"subnets":[],"devices":[],"metric":"""
        + """{"name":"datatransfervolume"},"connections":[]}""";

    private const string NoEndpoint = "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    private readonly ConcurrentDictionary<string, Func<string, Stream, CancellationToken, Task>> _answers = new(StringComparer.Ordinal);
    private readonly TinyServer _server;
    private readonly DarktraceClient _client;

    public StandIn(TimeProvider? time = null, InvestigatorOptions? options = null)
    {
        _server = new TinyServer(AnswerAsync);
        _client = DarktraceClient.Create(
            new DarktraceOptions
            {
                Host = new Uri(_server.Http),
                PublicToken = Clients.PublicToken,
                PrivateToken = new Secret(Clients.PrivateToken),
            }, time ?? TimeProvider.System, null);
        Investigator = new Investigator(options ?? new InvestigatorOptions { Appliance = "stand-in" }, _client,
            time ?? TimeProvider.System);
        On("/network", Tables);
    }

    public ConcurrentQueue<string> Asked { get; } = [];

    public Investigator Investigator { get; }

    public DarktraceClient Client => _client;

    public string Address => _server.Http;

    public int Times(string path) => Asked.Count(target => target.StartsWith(path, StringComparison.Ordinal));

    public StandIn On(string path, string json) => On(path, (_, stream, token) => TinyServer.Json(json)(stream, token));

    public StandIn On(string path, Func<string, string> json) =>
        On(path, (target, stream, token) => TinyServer.Json(json(target))(stream, token));

    public StandIn Fails(string path, string status, string body = "{}") => On(
        path,
        (_, stream, token) => TinyServer.Raw(
            $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: " +
            $"close\r\n\r\n{body}")(stream, token));

    public StandIn On(string path, Func<string, Stream, CancellationToken, Task> answer)
    {
        _answers[path] = answer;
        return this;
    }

    /// <summary>Records as an appliance of today gives them: one connection each, at a second of the window's last hour.</summary>
    public StandIn HasRecords(DateTimeOffset end, params (string Source, string Destination, long Bytes)[] connections)
    {
        var hits = connections.Select((connection, i) =>
        {
            var start = end.AddSeconds(-60 - i);
            var seconds = (start.ToUnixTimeMilliseconds() / 1000.0).ToString("0.000000", CultureInfo.InvariantCulture);
            return $$$"""
                {"_id":"{{{i}}}","_source":{"@fields":{"start_ts":{{{seconds}}},"epochdate":{{{seconds}}},"duration":1.5,
                 "source_ip":"{{{connection.Source}}}","source_port":{{{50000 + i}}},
                "dest_ip":"{{{connection.Destination}}}","dest_port":443,"proto":"tcp","service":"ssl",
                 "orig_bytes":{{{connection.Bytes}}},"resp_bytes":0,"orig_pkts":2,"resp_pkts":2,"conn_state":"SF",
                "uid":"C{{{i}}}"},"@type":"conn",
                 "@timestamp":"{{{start.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)}}}","@message":"",
                 "@darktrace_probe":"1"}}
                """;
        });
        return On("/advancedsearch",
            $$$"""{"took":1,"timed_out":false,"hits":{"total":{{{connections.Length}}},"hits":[{{{string.Join(',', hits)}}}]}}""");
    }

    /// <summary>The whole text of an answer over the hour before <paramref name="end"/>.</summary>
    public async Task<string> AskAsync(string tool, DateTimeOffset end, NetworkQuery? filters = null, Func<Question, Question>? more = null)
    {
        var question = new Question
        {
            Investigation = Investigating.Of(tool),
            Filters = filters ?? new NetworkQuery(),
            Window = new TimeWindow(end.AddHours(-1).ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds()),
            NoBudget = true,
            Detail = Detail.Full,
        };
        return (await Investigator.AskAsync(more?.Invoke(question) ?? question, null, TestContext.Current.CancellationToken)).Text;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    private Task AnswerAsync(string target, Stream stream, CancellationToken cancellationToken)
    {
        Asked.Enqueue(target);
        var path = target.Split('?')[0];
        path = path.StartsWith("/advancedsearch", StringComparison.Ordinal) ? "/advancedsearch" : path;
        return _answers.TryGetValue(path, out var answer)
            ? answer(target, stream, cancellationToken)
            : TinyServer.Raw(NoEndpoint)(stream, cancellationToken);
    }
}
