using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;
using DtMcp.Traffic;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Issues;

/// <summary>
/// Many large questions at once: none wants more than it can show, what is in flight is bounded, and the same is not found twice.
/// </summary>
public sealed class ManyLargeQuestions_11
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Detail.Brief, 301)]
    [InlineData(Detail.Normal, 1_001)]
    [InlineData(Detail.Full, 4_001)]
    public async Task A_million_rows_wanted_under_a_budget_make_no_more_than_its_page_can_show(Detail detail, int most)
    {
        await using var fixture = await InvestigatorFixture.StartAsync(options =>
            options with { Dialect = Dialect.Sdk, Connections = 12_000 });
        var investigator = fixture.InvestigatorBy(new FakeTimeProvider(fixture.Now));
        var question = new Question
        {
            Investigation = Investigating.Of("get_network_traffic"),
            Window = fixture.LastDay,
            Limit = 1_000_000,
            Detail = detail,
            Sort = new(SortColumn.Bytes),
        };
        Assert.Equal(most, PageRows.Of(question));
        Assert.Equal(1_000_000, PageRows.Of(question with { NoBudget = true }));

        // More rows than that show nothing more, and whole tables are whole.
        var answer = await investigator.AskAsync(question, null, Cancelled);
        Assert.Equal(answer.Text, (await investigator.AskAsync(question with { Limit = most }, null, Cancelled)).Text);
        Assert.Contains("Cut to fit", answer.Text, StringComparison.Ordinal);
        var whole = await fixture.AskAsync("get_network_traffic", more: asked => asked with { Limit = 1_000_000 });
        Assert.Equal(whole.GetProperty("totals").GetProperty("connections").GetInt32(),
            whole.GetProperty("tables").GetProperty("traffic").GetProperty("rows").GetArrayLength());
        Assert.True(whole.GetProperty("totals").GetProperty("connections").GetInt32() > most);
    }

    [Theory]
    [InlineData("hunt_traffic")]
    [InlineData("compare_traffic")]
    public async Task What_two_windows_told_is_remembered_with_their_captures(string tool)
    {
        await using var fixture = await InvestigatorFixture.StartAsync(options => options with { Dialect = Dialect.Sdk });
        var investigator = fixture.InvestigatorBy(new FakeTimeProvider(fixture.Now));
        var question = new Question
        {
            Investigation = Investigating.Of(tool),
            Window = new TimeWindow(fixture.Now.AddHours(-2).ToUnixTimeMilliseconds(), fixture.Now.ToUnixTimeMilliseconds()),
            Detail = Detail.Full,
        };
        var first = await investigator.AskAsync(question, null, Cancelled);
        Assert.Same(first, await investigator.AskAsync(question, null, Cancelled));
        Assert.NotSame(first, await investigator.AskAsync(question with { Limit = 3 }, null, Cancelled));
        Assert.NotSame(first,
            await investigator.AskAsync(question with { Filters = new NetworkQuery { IntExt = TrafficSide.External } }, null, Cancelled));
        if (tool == "hunt_traffic")
        {
            var beacons = await investigator.AskAsync(question with { Investigation = Investigating.Of("hunt_traffic", "beacon") },
                null,
                Cancelled);
            Assert.DoesNotContain("admin", beacons.Text, StringComparison.Ordinal);
        }

        // A time before that was read anew is looked at anew.
        Assert.NotSame(first, await investigator.AskAsync(question with { Refresh = true }, null, Cancelled));
    }

    [Fact]
    public async Task Who_asks_the_same_at_once_waits_for_one_analysis()
    {
        var memo = new FindingsMemo();
        var key = KeyOf(new TimeWindow(0, 1_000));
        var (begun, held) = (0, new TaskCompletionSource<Findings>());
        var asked = Enumerable.Range(0, 8).Select(_ => memo.GetAsync(key, Analyse, Cancelled)).ToList();
        var other = memo.GetAsync(KeyOf(new TimeWindow(0, 2_000)), Analyse, Cancelled);
        var findings = new Findings { Totals = [], Tables = [] };
        held.SetResult(findings);
        Assert.All(await Task.WhenAll(asked), found => Assert.Same(findings, found));
        await other;
        Assert.Equal(2, begun);
        Assert.Same(findings, await memo.GetAsync(key, Analyse, Cancelled));
        Assert.Equal(2, begun);

        Task<Findings> Analyse(CancellationToken token)
        {
            Interlocked.Increment(ref begun);
            return held.Task.WaitAsync(token);
        }
    }

    [Fact]
    public async Task An_analysis_goes_on_while_anybody_waits_and_ends_with_the_last()
    {
        var memo = new FindingsMemo();
        var key = KeyOf(new TimeWindow(0, 1_000));
        using var first = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        using var second = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var ended = new TaskCompletionSource();
        var one = memo.GetAsync(key, Analyse, first.Token);
        var two = memo.GetAsync(key, Analyse, second.Token);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.False(ended.Task.IsCompleted);
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two);
        await ended.Task.WaitAsync(Cancelled);

        async Task<Findings> Analyse(CancellationToken token)
        {
            await new TaskCompletionSource().Task.WaitAsync(token).ContinueWith(static _ => { }, CancellationToken.None,
                TaskContinuationOptions.None, TaskScheduler.Default);
            ended.TrySetResult();
            throw new OperationCanceledException(token);
        }
    }

    [Fact]
    public async Task The_gate_lets_in_by_bytes_and_in_the_order_of_asking()
    {
        var gate = new WorkGate(100, TimeSpan.FromMinutes(1), TimeProvider.System);
        var first = await gate.EnterAsync(60, Cancelled);
        var large = gate.EnterAsync(1_000, Cancelled);
        var small = gate.EnterAsync(10, Cancelled);
        Assert.Equal((60, 2), (gate.Inside, gate.Waiting));
        Assert.False(large.IsCompleted || small.IsCompleted);
        first.Dispose();
        first.Dispose();
        (await large).Dispose();
        (await small).Dispose();
        Assert.Equal((0, 0), (gate.Inside, gate.Waiting));
    }

    [Fact]
    public async Task Who_gives_up_at_the_gate_makes_way_and_who_waits_too_long_is_told()
    {
        var clock = new FakeTimeProvider();
        var gate = new WorkGate(100, TimeSpan.FromSeconds(60), clock);
        using var gaveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var inside = await gate.EnterAsync(60, Cancelled);
        var large = gate.EnterAsync(80, gaveUp.Token);
        var small = gate.EnterAsync(40, Cancelled);
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        using var pass = await small;
        var late = gate.EnterAsync(1, Cancelled);
        clock.Advance(TimeSpan.FromSeconds(61));
        var error = await Assert.ThrowsAsync<ApplianceException>(() => late);
        Assert.Equal("busy", error.Code);
        Assert.Equal(0, gate.Waiting);
        inside.Dispose();
        Assert.Equal(40, gate.Inside);
    }

    [Fact]
    public async Task Fifty_at_once_are_all_answered_within_the_bytes_of_the_gate()
    {
        await using var fixture = await InvestigatorFixture.StartAsync(options =>
            options with { Dialect = Dialect.Sdk, Connections = 30_000 });
        var gate = new WorkGate(4 << 20, TimeSpan.FromMinutes(2), TimeProvider.System);
        var clock = new FakeTimeProvider(fixture.Now);
        var (investigator, quiet) = (fixture.InvestigatorBy(clock, gate), fixture.InvestigatorBy(clock));
        Question[] questions = [.. Enumerable.Range(0, 50).Select(i => new Question
        {
            Investigation = Investigating.Of(i % 2 == 0 ? "get_network_traffic" : "hunt_traffic"),
            Window = fixture.LastDay,
            Limit = 1_000_000,
            Detail = Detail.Full,
            Filters = new NetworkQuery { DestinationPort = i % 5 == 0 ? 443 : i },
        })];
        var answers = await Task.WhenAll(questions.Select(question => investigator.AskAsync(question, null, Cancelled)));
        Assert.Equal((0, 0), (gate.Inside, gate.Waiting));
        foreach (var (question, answer) in questions.Zip(answers))
        {
            Assert.Equal((await quiet.AskAsync(question, null, Cancelled)).Text, answer.Text);
        }
    }

    private static FindingsMemo.Key KeyOf(TimeWindow window) =>
        new(Investigating.Of("summarize_network_traffic"), new AnalysisSettings { Window = window, Filters = new NetworkQuery() }, window);
}
