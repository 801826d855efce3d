using System.Net;
using System.Web;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Evidence;

/// <summary>An appliance with one connection a minute, asked in parts of ten.</summary>
public class SliceReaderTests
{
    private const long Minute = 60_000;
    private const long Start = 1_768_464_000_000;

    private readonly FakeTimeProvider _time = new(Clients.Now);
    private readonly FlowSet _target = new();

    [Fact]
    public async Task Parts_are_taken_in_order_of_time_each_asked_once_and_few_at_a_time()
    {
        var (now, most) = (0, 0);
        var held = new TaskCompletionSource();
        using var wire = new Wire(async (window, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            if (window.StartMs == Start + (10 * Minute))
            {
                // The second part comes after the third.
                await held.Task;
            }
            else if (window.StartMs == Start + (20 * Minute))
            {
                held.SetResult();
            }

            Interlocked.Decrement(ref now);
            return Rows(window);
        });

        Assert.True(await ReadAsync(wire, minutes: 50));

        Assert.Equal(Enumerable.Range(0, 50).Select(minute => Start + (minute * Minute)), Starts());
        Assert.Equal(5, wire.Asked.Count);
        Assert.InRange(most, 2, 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_broken_part_is_asked_again_and_nothing_of_it_counts_twice(int breaks)
    {
        var left = breaks;
        using var wire = new Wire((window, _) => Task.FromResult(
            window.StartMs == Start + (10 * Minute) && left-- > 0 ? Rows(window, cutOff: true) : Rows(window)));

        Assert.True(await ReadAsync(wire, minutes: 30));

        Assert.Equal(30, Starts().Distinct().Count());
        Assert.Equal(30, _target.Count);
        Assert.Equal(3 + breaks, wire.Asked.Count);
    }

    [Fact]
    public async Task A_part_that_breaks_three_times_fails_the_whole_and_the_rest_is_not_asked()
    {
        using var wire = new Wire((window, _) => Task.FromResult(Rows(window, cutOff: window.StartMs == Start + (10 * Minute))));

        var error = await FailAsync(wire, minutes: 1_000);

        Assert.Equal(ApplianceError.BadAnswer, error.Error);
        Assert.Equal(3, wire.Asked.Count(window => window.StartMs == Start + (10 * Minute)));
        Assert.InRange(wire.Asked.Count, 4, 8);
    }

    [Fact]
    public async Task A_refused_part_is_not_asked_again()
    {
        using var wire = new Wire((window, _) => Task.FromResult(
            window.StartMs == Start ? Rows(window) : new HttpResponseMessage(HttpStatusCode.Forbidden)));

        Assert.Equal(ApplianceError.PermissionDenied, (await FailAsync(wire, minutes: 20)).Error);
        Assert.Equal(2, wire.Asked.Count);
    }

    [Fact]
    public async Task A_part_that_takes_too_long_is_asked_in_halves()
    {
        using var wire = new Wire((window, token) => window.StartMs >= Start + (10 * Minute) && window.LengthMs > 6 * Minute
            ? TakesTooLongAsync(token)
            : Task.FromResult(Rows(window)));

        Assert.True(await ReadAsync(wire, minutes: 20));

        Assert.Equal(Enumerable.Range(0, 20).Select(minute => Start + (minute * Minute)), Starts());
        Assert.Equal([10, 10, 5, 5], wire.Asked.Select(window => (window.LengthMs + 1) / Minute));
    }

    [Fact]
    public async Task After_two_halvings_in_vain_it_is_a_timeout()
    {
        using var wire = new Wire((_, token) => TakesTooLongAsync(token));

        Assert.Equal(ApplianceError.Timeout, (await FailAsync(wire, minutes: 10)).Error);
        Assert.Equal(3, wire.Asked.Count);
    }

    [Fact]
    public async Task A_part_of_more_rows_than_may_be_kept_is_asked_in_halves_to_a_minute_and_no_further()
    {
        using var wire = new Wire((window, _) => Task.FromResult(Rows(window)));

        Assert.True(await ReadAsync(wire, minutes: 10, maxFlows: 6));
        Assert.Equal(Enumerable.Range(0, 10).Select(minute => Start + (minute * Minute)), Starts());
        Assert.Equal([10, 5, 2, 2], wire.Asked.Take(4).Select(window => (window.LengthMs + 1) / Minute));

        using var crowded = new Wire((window, _) => Task.FromResult(Rows(window, each: 10)));
        var error = await FailAsync(crowded, minutes: 10, maxFlows: 6);
        Assert.Equal(ApplianceError.BadAnswer, error.Error);
        Assert.Contains("DTMCP_MAX_FLOWS", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_in_place_of_rows_end_it_at_the_first_part_and_fail_it_at_a_later_one()
    {
        using var tables = new Wire((_, _) => Task.FromResult(StubWire.Json(StandIn.Tables)()));
        Assert.False(await ReadAsync(tables, minutes: 30));
        Assert.Single(tables.Asked);
        Assert.Equal(0, _target.Count);

        using var mixed = new Wire((window, _) => Task.FromResult(
            window.StartMs == Start ? Rows(window) : StubWire.Json(StandIn.Tables)()));
        Assert.Contains("rows for one part of the window and none for another", (await FailAsync(mixed, minutes: 30)).Happened,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_grow_where_there_is_little_and_shrink_again()
    {
        // Ten rows a part of ten minutes; nothing from the 2,000th minute to the 18,000th.
        using var wire = new Wire((window, _) => Task.FromResult(Rows(window, none: (2_000, 18_000))));

        Assert.True(await ReadAsync(wire, minutes: 20_000, maxFlows: 100_000, fewRows: 100));

        Assert.Equal(4_000, _target.Count);
        Assert.Equal(4_000, Starts().Distinct().Count());
        Assert.InRange(wire.Asked.Count, 20, 80);
        Assert.Equal(wire.Asked.OrderBy(window => window.StartMs), wire.Asked);
        Assert.All(wire.Asked.Zip(wire.Asked.Skip(1)), pair => Assert.Equal(pair.First.EndMs + 1, pair.Second.StartMs));
    }

    private async Task<bool> ReadAsync(Wire wire, int minutes, long maxFlows = 1_000, long fewRows = 0)
    {
        using var client = Clients.Over(wire, _time);
        using var meter = new ReadMeter(null, _time, "reading");
        var reader = new SliceReader(client, new InvestigatorOptions { Appliance = "test", MaxFlows = maxFlows, FewRows = fewRows });
        var parts = Slicing.Split(new TimeWindow(Start, Start + (minutes * Minute) - 1), TimeSpan.FromMinutes(10));
        return await reader.ReadAsync(parts, new NetworkQuery(), _target, meter, TestContext.Current.CancellationToken);
    }

    private async Task<ApplianceException> FailAsync(Wire wire, int minutes, long maxFlows = 1_000) =>
        await Assert.ThrowsAsync<ApplianceException>(() => ReadAsync(wire, minutes, maxFlows));

    // The clock stands still but for this.
    private async Task<HttpResponseMessage> TakesTooLongAsync(CancellationToken cancellationToken)
    {
        _time.Advance(TimeSpan.FromSeconds(61));
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException();
    }

    private IEnumerable<long> Starts() => _target.Chunks.SelectMany(chunk => Enumerable.Range(0, chunk.Count).Select(chunk.Start));

    private static HttpResponseMessage Rows(TimeWindow window, bool cutOff = false, int each = 1, (int From, int To) none = default)
    {
        var rows = Enumerable.Range(0, 100_000).Where(minute => minute < none.From || minute >= none.To)
            .Select(minute => Start + (minute * Minute))
            .SkipWhile(start => start < window.StartMs).TakeWhile(start => start <= window.EndMs)
            .SelectMany(start => Enumerable.Repeat(
                $$"""{"sourcedevice":{"ip":"10.0.0.1"},"destinationdevice":{"ip":"203.0.113.1"},"bytes":1,"starttime":{{start}}}""", each));
        var body = RowInvestigator.Traffic(rows);
        return StubWire.Json(cutOff ? body[..^20] : body)();
    }

    private sealed class Wire(Func<TimeWindow, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        private readonly List<TimeWindow> _asked = [];

        public IReadOnlyList<TimeWindow> Asked
        {
            get
            {
                lock (_asked)
                {
                    return [.. _asked];
                }
            }
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var query = HttpUtility.ParseQueryString(request.RequestUri!.Query);
            var window = new TimeWindow(Number(query["starttime"]), Number(query["endtime"]));
            lock (_asked)
            {
                _asked.Add(window);
            }

            return answer(window, cancellationToken);
        }

        private static long Number(string? text) => long.Parse(text!, System.Globalization.CultureInfo.InvariantCulture);
    }
}
