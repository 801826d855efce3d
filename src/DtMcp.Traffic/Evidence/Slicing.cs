using System.Collections;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Evidence;

/// <summary>
/// Cuts a window into parts that touch without overlapping: both ends are inclusive, so each part ends a millisecond before the next.
/// </summary>
internal static class Slicing
{
    /// <summary>No part is ever cut below this.</summary>
    public const long ShortestMs = 60_000;

    /// <summary>
    /// Parts of a length; the last takes a rest of up to a tenth along ("the last 24 hours" are a day and a millisecond, both ends
    /// inclusive).
    /// </summary>
    public static IReadOnlyList<TimeWindow> Split(TimeWindow window, TimeSpan length) =>
        new Parts(window, Math.Max(ShortestMs, (long)length.TotalMilliseconds));

    /// <summary>The two halves of a part, or null when it is too short to cut.</summary>
    public static (TimeWindow First, TimeWindow Second)? Halve(TimeWindow window)
    {
        if (window.LengthMs < 2 * ShortestMs)
        {
            return null;
        }

        var middle = window.StartMs + window.LengthMs / 2;
        return (new TimeWindow(window.StartMs, middle - 1), new TimeWindow(middle, window.EndMs));
    }

    /// <summary>The parts worked out as they are asked for: a long window costs no memory.</summary>
    private sealed class Parts(TimeWindow window, long step) : IReadOnlyList<TimeWindow>
    {
        public int Count { get; } = CountOf(window.LengthMs, step);

        public TimeWindow this[int index]
        {
            get
            {
                ArgumentOutOfRangeException.ThrowIfNegative(index);
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
                var start = window.StartMs + (index * step);
                return new TimeWindow(start, index == Count - 1 ? window.EndMs : start + step - 1);
            }
        }

        public IEnumerator<TimeWindow> GetEnumerator()
        {
            for (var i = 0; i < Count; i++)
            {
                yield return this[i];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private static int CountOf(long length, long step)
        {
            var (whole, rest) = Math.DivRem(length, step);
            return (int)Math.Clamp(rest > step / 10 ? whole + 1 : whole, 1, int.MaxValue);
        }
    }
}
