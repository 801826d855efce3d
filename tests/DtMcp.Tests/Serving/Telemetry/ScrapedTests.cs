using System.Diagnostics;
using System.Net;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Serving.Telemetry;

/// <summary><c>serve</c>, read by Prometheus.</summary>
public sealed class ScrapedTests
{
    [Fact(Timeout = 60_000)]
    public async Task Prometheus_reads_the_metrics_at_an_address_of_their_own()
    {
        var start = Published.Start("serve", "--demo", "--connections", "500", "--days", "1", "--urls", "http://127.0.0.1:0");
        start.Environment["OTEL_METRICS_EXPORTER"] = "prometheus";
        start.Environment["OTEL_EXPORTER_PROMETHEUS_PORT"] = "0";
        var token = TestContext.Current.CancellationToken;
        using var process = Process.Start(start)!;
        try
        {
            var endpoint = new Uri((await process.StandardOutput.ReadLineAsync(token))!);
            var page = new Uri((await process.StandardError.ReadLineAsync(token))!.Split(' ')[^1]);
            using var http = new HttpClient();
            using var message = new HttpRequestMessage(HttpMethod.Post, endpoint)
            {
                Content = new StringContent(
                    """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find_devices","arguments":{"query":"a"}}}""",
                    System.Text.Encoding.UTF8, "application/json"),
            };
            message.Headers.Accept.ParseAdd("application/json, text/event-stream");
            using var answer = await http.SendAsync(message, token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

            var text = await http.GetStringAsync(page, token);
            string[] expected =
            [
                "dtmcp_answers_total{", "dtmcp_appliance_requests_total{", "mcp_server_operation_duration_seconds_bucket{",
                "http_server_request_duration_seconds_bucket{", "dtmcp_captures{", "dotnet_gc_last_collection_heap_size_bytes",
            ];
            Assert.All(expected, name => Assert.Contains(name, text, StringComparison.Ordinal));
            Assert.Contains("gen_ai_tool_name=\"find_devices\"", text, StringComparison.Ordinal);

            using var elsewhere = await http.GetAsync(new Uri(page, "/mcp"), token);
            Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
            using var there = await http.GetAsync(new Uri(endpoint, "/metrics"), token);
            Assert.Equal(HttpStatusCode.NotFound, there.StatusCode);
            using var rebound = new HttpRequestMessage(HttpMethod.Get, page);
            rebound.Headers.Host = "evil.example";
            using var refused = await http.SendAsync(rebound, token);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task Serve_does_not_start_with_a_variable_that_it_cannot_follow()
    {
        var start = Published.Start("serve", "--demo", "--urls", "http://127.0.0.1:0");
        start.Environment["OTEL_METRICS_EXPORTER"] = "console";
        var (code, _, error) = await Published.RunAsync(start);
        Assert.Equal(2, code);
        Assert.Contains("OTEL_METRICS_EXPORTER has \"console\". Set otlp, none or prometheus.", error, StringComparison.Ordinal);
    }
}
