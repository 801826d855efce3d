using DtMcp.Tests.Support;

namespace DtMcp.Tests.Serving.Telemetry;

/// <summary>The process on stdio, observed by a collector.</summary>
public sealed class ObservedTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private const string Parent = "b7ad6b7169203331";

    private static readonly string[] Labels =
    [
        "dtmcp.appliance.endpoint", "http.response.status_code", "error.type", "dtmcp.evidence", "dtmcp.evidence.source",
        "gen_ai.tool.name", "gen_ai.operation.name", "mcp.method.name", "mcp.protocol.version", "network.transport",
        "rpc.response.status_code",
        // Of the web server: that of serve, and in a demo the emulated appliance's.
        "http.request.method", "http.route", "url.scheme", "network.protocol.version",
    ];

    [Fact]
    public async Task A_request_to_the_appliance_is_part_of_the_callers_trace()
    {
        await using var collector = await Collector.StartAsync();
        await AskAsync(collector, Call("summarize_network_traffic", $"00-{Trace}-{Parent}-01"));

        var spans = collector.Spans;
        var call = Assert.Single(spans, span => span.Text(5) == "tools/call summarize_network_traffic");
        Assert.Equal((Trace, Parent), (call.Hex(1), call.Hex(4)));
        var gathering = Assert.Single(spans, span => span.Text(5) == "gather evidence" && span.Hex(4) == call.Hex(2));
        Assert.Equal("appliance", gathering.Attributes(9)["dtmcp.evidence.source"]);
        var requests = spans.Where(span => span.Text(5).StartsWith("GET /", StringComparison.Ordinal)).ToList();
        Assert.Contains(requests, request => request.Hex(4) == gathering.Hex(2));
        Assert.All(requests, request =>
        {
            Assert.Equal(Trace, request.Hex(1));
            Assert.Equal("200", request.Attributes(9)["http.response.status_code"]);
        });
    }

    [Fact]
    public async Task Metrics_tell_of_requests_answers_and_evidence_with_labels_of_closed_sets()
    {
        await using var collector = await Collector.StartAsync();
        await AskAsync(collector, Call("summarize_network_traffic"), Call("summarize_network_traffic"));

        var metrics = collector.Metrics.Where(metric => !metric.Text(1).StartsWith("dotnet.", StringComparison.Ordinal)).ToList();
        string[] expected =
        [
            "dtmcp.appliance.requests", "dtmcp.appliance.duration", "dtmcp.appliance.received", "dtmcp.evidence.used", "dtmcp.answers",
            "dtmcp.captures", "dtmcp.captures.size", "mcp.server.operation.duration",
        ];
        Assert.Empty(expected.Except(metrics.Select(metric => metric.Text(1))));
        Assert.Contains(collector.Metrics, metric => metric.Text(1).StartsWith("dotnet.gc.", StringComparison.Ordinal));

        var labels = metrics.SelectMany(metric => metric.At(7, 1).Select(point => point.Attributes(7))
            .Concat(metric.At(9, 1).Select(point => point.Attributes(9)))).ToList();
        Assert.Empty(labels.SelectMany(label => label.Keys).Except(Labels));
        Assert.DoesNotContain(labels.SelectMany(label => label.Values), value => value.Contains("127.0.0.1", StringComparison.Ordinal));
        var used = metrics.Last(metric => metric.Text(1) == "dtmcp.evidence.used").At(7, 1).Select(point => point.Attributes(7));
        Assert.Equal(["appliance", "memory"], used.Select(label => label["dtmcp.evidence.source"]).Order());
        Assert.Equal(2, metrics.Last(metric => metric.Text(1) == "dtmcp.answers").At(7, 1).Single().Number(6));
        Assert.NotEqual(0, metrics.Last(metric => metric.Text(1) == "dtmcp.captures.size").At(7, 1).Single().Number(6));
    }

    [Fact]
    public async Task What_a_client_writes_is_told_to_nobody()
    {
        await using var collector = await Collector.StartAsync();
        await AskAsync(
            collector,
            Call("confidential_tool"),
            Call("summarize_network_traffic", arguments: """{"hostname":"confidential-host"}"""),
            Call("summarize_network_traffic", arguments: """{"confidential":"1"}"""),
            """{"jsonrpc":"2.0","id":7,"method":"confidential/method"}""",
            """{"jsonrpc":"2.0","id":8,"method":"resources/read","params":{"uri":"confidential://host"}}""");

        Assert.Contains(collector.Spans, span => span.Text(5) == "tools/call _OTHER");
        Assert.Contains("_OTHER", collector.All, StringComparison.Ordinal);
        Assert.DoesNotContain("confidential", collector.All, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.MachineName, collector.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_is_sent_as_it_stands_on_stderr()
    {
        await using var collector = await Collector.StartAsync();
        await AskAsync(collector, Call("summarize_network_traffic", arguments: """{"lst":"1h"}"""));

        Assert.Contains(collector.Logs,
            record => record.At(5).Single().Text(1) == "summarize_network_traffic was refused: invalid_argument");
    }

    [Fact]
    public async Task A_collector_that_is_away_stops_no_conversation()
    {
        await using var session = new StdioSession(start => start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1");
        await session.SendAsync(Call("summarize_network_traffic"));
        Assert.False((await session.NextAsync()).GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.Equal(0, await session.EndAsync());
    }

    [Fact]
    public async Task Variables_that_cannot_be_followed_stop_no_conversation()
    {
        await using var session = new StdioSession(start => start.Environment["OTEL_METRICS_EXPORTER"] = "console");
        await session.PingAsync(1);
        Assert.Equal(0, await session.EndAsync());
    }

    [Fact]
    public async Task Nothing_of_it_is_loaded_when_nobody_asks()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only there a process tells which files it has loaded.");
        var loaded = await LoadedAsync(_ => { });
        Assert.DoesNotContain("OpenTelemetry", loaded, StringComparison.Ordinal);
        await using var collector = await Collector.StartAsync();
        // The native program holds everything in one file.
        Assert.Equal(Published.Path is null, (await LoadedAsync(collector.Observe)).Contains("OpenTelemetry", StringComparison.Ordinal));
    }

    private static async Task<string> LoadedAsync(Action<System.Diagnostics.ProcessStartInfo> change)
    {
        await using var session = new StdioSession(change);
        await session.SendAsync(Call("summarize_network_traffic"));
        await session.NextAsync();
        return await File.ReadAllTextAsync($"/proc/{session.Id}/maps", TestContext.Current.CancellationToken);
    }

    private static async Task AskAsync(Collector collector, params IEnumerable<string> requests)
    {
        await using var session = new StdioSession(start =>
        {
            collector.Observe(start);
            start.Environment["DTMCP_LOG_LEVEL"] = "information";
        });
        foreach (var request in requests)
        {
            await session.SendAsync(request);
            await session.NextAsync();
        }

        Assert.Equal(0, await session.EndAsync());
    }

    private static string Call(string tool, string trace = "", string arguments = """{"last":"1h"}""") =>
        $$$"""
        {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{
        "_meta":{"traceparent":"{{{trace}}}"},"name":"{{{tool}}}","arguments":{{{arguments}}}}}
        """.ReplaceLineEndings("");
}
