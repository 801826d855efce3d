using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Evidence;

namespace DtMcp.Tests.Evidence;

public class SlicingTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(86_400_000, 1)]
    [InlineData(2 * 86_400_000L, 2)]
    [InlineData(7 * 86_400_000L, 7)]
    [InlineData(7 * 86_400_000L + 43_200_000, 8)]
    public void Parts_touch_without_gap_or_overlap_and_no_part_is_a_crumb(long length, int parts)
    {
        var window = new TimeWindow(1_000, 1_000 + length);

        var split = Slicing.Split(window, Day);

        Assert.Equal(parts, split.Count);
        Assert.Equal(window.StartMs, split[0].StartMs);
        Assert.Equal(window.EndMs, split[^1].EndMs);
        Assert.All(split.Zip(split.Skip(1)), pair => Assert.Equal(pair.First.EndMs + 1, pair.Second.StartMs));
    }

    [Fact]
    public void Halves_make_up_the_whole_and_a_minute_is_not_halved()
    {
        var (first, second) = Slicing.Halve(new TimeWindow(0, 999_999))!.Value;

        Assert.Equal((0, first.EndMs + 1, 999_999), (first.StartMs, second.StartMs, second.EndMs));
        Assert.Null(Slicing.Halve(new TimeWindow(0, 60_000)));
    }
}
