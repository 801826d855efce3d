using System.Net;
using DtMcp.Running;
using DtMcp.Serving.Access;
using DtMcp.Tests.Serving.Access;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Tests.Serving.Limits;

/// <summary>Many users, one appliance.</summary>
public sealed class FairShareTests : IAsyncDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly SemaphoreSlim _answers = new(0);
    private readonly StandIn _appliance = new();
    private readonly (string Token, string Line) _heavy = TokenList.Make("heavy");
    private readonly (string Token, string Line) _light = TokenList.Make("light");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _appliance.DisposeAsync();
        _answers.Dispose();
        File.Delete(_file);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_one_user_asks_does_not_wait_behind_all_that_another_has_asked()
    {
        await File.WriteAllTextAsync(_file, $"{_heavy.Line}\n{_light.Line}\n", TestContext.Current.CancellationToken);
        _appliance.On("/devicesearch", async (_, stream, token) =>
        {
            await _answers.WaitAsync(token);
            await TinyServer.Json("""{"totalCount":0,"size":0,"from":0,"devices":[]}""")(stream, token);
        });
        var investigators = new Investigators([new("stand-in", _appliance.Investigator, _appliance.Client)], TimeProvider.System);
        await using var served = await Served.StartAsync(
            new ToolRunner(investigators, NullLoggerFactory.Instance), TimeProvider.System, [("DTMCP_TOKENS_FILE", _file)]);

        // Four at once, the others wait.
        List<Task<HttpResponseMessage>> calls = [.. Enumerable.Range(0, 12).Select(i => FindAsync(served, _heavy.Token, $"heavy{i}*"))];
        await UntilAsync(() => _appliance.Asked.Count == 4 && _appliance.Client.Waiting == 8);
        calls.Add(FindAsync(served, _light.Token, "light1*"));
        await UntilAsync(() => _appliance.Client.Waiting == 9);
        calls.Add(FindAsync(served, _light.Token, "light2*"));
        await UntilAsync(() => _appliance.Client.Waiting == 10);

        string[] expected = ["light1", "heavy", "light2", "heavy", "heavy"];
        for (var i = 0; i < expected.Length; i++)
        {
            _answers.Release();
            await UntilAsync(() => _appliance.Asked.Count == 5 + i);
            Assert.Contains(expected[i], _appliance.Asked.Last(), StringComparison.Ordinal);
        }

        _answers.Release(100);
        foreach (var call in calls)
        {
            using var response = await call;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains("\"isError\":false", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
    }

    private static Task<HttpResponseMessage> FindAsync(Served served, string token, string query) => served.PostAsync(
        $$$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find_devices","arguments":{"query":"{{{{query}}}}"}}}""",
        ("Authorization", $"Bearer {token}"));

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
