using System.Diagnostics;
using System.Text.Json;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Serving;

public class ProcessTests
{
    [Fact]
    public async Task The_process_answers_all_it_read_before_its_input_ended_and_exits_with_0()
    {
        var token = TestContext.Current.CancellationToken;
        var start = Published.Start("--demo", "--connections", "500", "--days", "1");
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(
            (Messages.Initialize + """

            {"jsonrpc":"2.0","method":"notifications/initialized"}
            oops
            {"jsonrpc":"2.0","id":2,"method":"tools/list"}
            {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"summarize_network_traffic","arguments":{"last":"1h"}}}

            """).AsMemory(), token);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(token);
        var lines = (await process.StandardOutput.ReadToEndAsync(token)).Split('\n',
            StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToArray();
        await process.WaitForExitAsync(token);
        Assert.Equal("", await errors);
        Assert.Equal(0, process.ExitCode);

        var answers = lines.Where(line => line.TryGetProperty("id", out _)).ToDictionary(line => line.GetProperty("id").GetInt32());
        Assert.Equal([1, 2, 3], answers.Keys.Order());
        Assert.NotEqual(JsonValueKind.True, answers[3].GetProperty("result").GetProperty("isError").ValueKind);
        Assert.Equal(-32700,
            Assert.Single(lines, line => line.TryGetProperty("error", out _)).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public void The_process_keeps_threads_for_cancellations_while_it_reads()
    {
        // With one a processor, a cancellation of a week's reading waited up to a second on two processors.
        var settings = JsonElement.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "dtmcp.runtimeconfig.json")));

        Assert.InRange(settings.GetProperty("runtimeOptions").GetProperty("configProperties").GetProperty(
            "System.Threading.ThreadPool.MinThreads").GetInt32(), 8, 64);
    }
}
