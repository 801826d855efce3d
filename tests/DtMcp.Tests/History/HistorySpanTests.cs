using DtMcp.Darktrace.Values;
using DtMcp.History.Collecting;
using DtMcp.History.Schema;
using DtMcp.Traffic.Evidence.Collected;

namespace DtMcp.Tests.History;

/// <summary>Which hours are due, and how far those that are there reach.</summary>
public sealed class HistorySpanTests
{
    private const long Hour = HistoryHour.LengthMs;
    private const long Start = 1_768_435_200_000;

    [Fact]
    public void Hours_reach_as_far_as_there_is_no_hole()
    {
        var span = new HistorySpan("a", [Of(0), Of(1), Of(3)]);
        Assert.Equal(Start + (2 * Hour) - 1, span.CoveredTo(new TimeWindow(Start + 5, Start + (4 * Hour))));
        Assert.Equal(Start + 99, span.CoveredTo(new TimeWindow(Start, Start + 99)));
        var later = span.Within(new TimeWindow(Start + Hour, Start + (4 * Hour)));
        Assert.Equal(Start - 2, later.CoveredTo(new TimeWindow(Start - 1, Start + Hour)));
        Assert.Equal(Start + (2 * Hour) - 1, new HistorySpan("a", []).CoveredTo(new TimeWindow(Start + (2 * Hour), Start + (3 * Hour))));
    }

    [Fact]
    public void Hours_are_due_once_they_are_over_and_settled_the_newest_first()
    {
        var now = Start + (3 * Hour) + 60_000;
        Assert.Equal([1, 0], Due([], now));
        Assert.Equal([2, 1, 0], Due([], now + 60_000));
        Assert.Equal([2, 0], Due([Of(1, now)], now + 60_000));
    }

    [Fact]
    public void A_part_that_was_replaced_counts_no_more_and_is_kept_for_who_reads_it()
    {
        HistoryHour[] notes =
        [
            new(Start, 1, 10) { CollectedMs = 100 }, new(Start, 1, 10) { CollectedMs = 200 }, new(Start, 2, 12) { CollectedMs = 300 },
            new(Start + Hour, 3, 5) { CollectedMs = 50 },
        ];
        Assert.Equal([2UL, 3UL], PartNotes.Counting(notes).Select(hour => hour.Part));
        Assert.Equal([1UL, 2UL, 3UL], PartNotes.Read(notes, 299).Order());
        Assert.Equal([2UL, 3UL], PartNotes.Read(notes, 300).Order());
    }

    [Theory]
    [InlineData(10, 30, false)]
    [InlineData(10, 61, true)]
    [InlineData(61, 350, false)]
    [InlineData(61, 361, true)]
    [InlineData(361, 1_441, true)]
    [InlineData(1_441, 10_000, false)]
    public void An_hour_is_looked_at_again_when_late_entries_may_have_come(int collectedAfter, int now, bool isDue)
    {
        long At(int minutes) => Start + Hour + (minutes * 60_000L);
        var due = CollectPlan.Due([Of(0, At(collectedAfter))], Start, At(now)).Where(hour => hour.StartMs == Start).ToList();
        Assert.Equal(isDue, due.Count == 1);
        Assert.All(due, hour => Assert.NotNull(hour.Known));
    }

    private static IEnumerable<long> Due(IReadOnlyList<HistoryHour> known, long now) =>
        CollectPlan.Due(known, Start, now).Select(hour => (hour.StartMs - Start) / Hour);

    private static HistoryHour Of(int hour, long collected = Start) =>
        new(Start + (hour * Hour), (ulong)hour, 1) { CollectedMs = collected };
}
