using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Serving.Limits;

/// <summary>The process, told to end while it answers.</summary>
public sealed class EndingTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_call_that_runs_is_answered_before_the_process_ends()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM.");
        using var process = Process.Start(Published.Start("serve", "--demo", "--connections", "500", "--days", "1", "--delay", "2s",
            "--urls", "http://127.0.0.1:0"))!;
        var endpoint = new Uri((await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new StringContent(
                """
                {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"summarize_network_traffic","arguments":{"last":"24h"}}}
                """, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        // The head comes while the appliance thinks.
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);

        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"isError\":false", answer, StringComparison.Ordinal);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }
}
