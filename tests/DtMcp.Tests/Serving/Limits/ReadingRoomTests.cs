using System.Globalization;
using DtMcp.Darktrace.Sending;
using DtMcp.Running;
using DtMcp.Serving.Access;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Serving.Access;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Serving.Limits;

/// <summary>Memory of all that is being read for users over HTTP has one bound.</summary>
public sealed class ReadingRoomTests : IAsyncLifetime
{
    // Of 2,000,000 rows of 50 bytes, 95 MiB: two fit into 200.
    private const int Fits = 2;

    private const int Users = 12;

    private readonly FakeTimeProvider _time = new();
    private readonly SemaphoreSlim _asked = new(0);
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private InvestigatorFixture _appliance = null!;
    private readonly string _file = Path.GetTempFileName();
    private readonly List<(string Token, string Line)> _users = [.. Enumerable.Range(0, Users).Select(i => TokenList.Make($"user{i}"))];
    private int _reading;
    private int _most;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _appliance = await InvestigatorFixture.StartAsync(
        options => options with { Dialect = Dialect.Sdk, ClockRuns = false, Connections = 500, Days = 1 },
        options => options with { Room = Room }, wire: new Gate(this));

    public async ValueTask DisposeAsync()
    {
        _asked.Dispose();
        await _appliance.DisposeAsync();
        File.Delete(_file);
    }

    [Fact(Timeout = 60_000)]
    public async Task So_many_are_read_at_once_as_there_is_room_for_and_the_others_after_them()
    {
        await using var served = await StartAsync();
        var asking = _users.Select((user, i) => AskAsync(served, user.Token, i)).ToArray();
        for (var i = 0; i < Fits; i++)
        {
            await _asked.WaitAsync(TestContext.Current.CancellationToken);
        }

        // As many wait as there are others: each of them has come as far.
        while (Room.Waiting < Users - Fits)
        {
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }

        _answer.SetResult();
        Assert.All(await Task.WhenAll(asking), text => Assert.StartsWith("# summarize_network_traffic", text, StringComparison.Ordinal));
        Assert.Equal(Fits, _most);
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_finds_no_room_in_a_minute_is_told_so_and_what_was_let_in_is_answered()
    {
        await using var served = await StartAsync();
        var inside = _users.Take(Fits).Select((user, i) => AskAsync(served, user.Token, i)).ToArray();
        for (var i = 0; i < Fits; i++)
        {
            await _asked.WaitAsync(TestContext.Current.CancellationToken);
        }

        var late = AskAsync(served, _users[Fits].Token, Fits);
        while (Room.Waiting < 1)
        {
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }

        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.StartsWith("busy: DtMcp reads so much for others at once", await late, StringComparison.Ordinal);
        _answer.SetResult();
        Assert.All(await Task.WhenAll(inside), text => Assert.StartsWith("# summarize_network_traffic", text, StringComparison.Ordinal));
        // What was given back is there for the next.
        Assert.StartsWith("# summarize_network_traffic", await AskAsync(served, _users[Fits].Token, Fits), StringComparison.Ordinal);
    }

    private ReadingRoom Room => field ??= new ReadingRoom(200L << 20, _time);

    // Each asks for an hour of its own, so that nothing is read once for several.
    private Task<string> AskAsync(Served served, string token, int hour)
    {
        var start = _appliance.Now.AddHours(-hour - 2);
        string at(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return served.ToolAsync("summarize_network_traffic",
            $$"""{"from":"{{at(start)}}","to":"{{at(start.AddMinutes(59))}}","evidence":"network"}""",
            ("Authorization", $"Bearer {token}"));
    }

    private async Task<Served> StartAsync()
    {
        await File.WriteAllTextAsync(_file, string.Join('\n', _users.Select(user => user.Line)), Token);
        var investigators = new Investigators([new("demo", _appliance.Investigator, _appliance.Client)], _appliance.Appliance.Clock);
        return await Served.StartAsync(
            new ToolRunner(investigators, NullLoggerFactory.Instance), TimeProvider.System, [("DTMCP_TOKENS_FILE", _file)]);
    }

    private void InterlockedMax(int value)
    {
        for (var seen = Volatile.Read(ref _most); value > seen; seen = Volatile.Read(ref _most))
        {
            Interlocked.CompareExchange(ref _most, value, seen);
        }
    }

    /// <summary>Lets requests for rows wait until they are to be answered.</summary>
    private sealed class Gate(ReadingRoomTests test) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath != "/network")
            {
                return await base.SendAsync(request, cancellationToken);
            }

            test.InterlockedMax(Interlocked.Increment(ref test._reading));
            test._asked.Release();
            await test._answer.Task.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref test._reading);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
