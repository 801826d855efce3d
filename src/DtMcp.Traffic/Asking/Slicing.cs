using DtMcp.Darktrace.Querying;

namespace DtMcp.Traffic.Asking;

/// <summary>Cuts a window into parts that touch without overlapping: both ends are inclusive, so each part ends a millisecond before the next.</summary>
internal static class Slicing
{
    /// <summary>No part is ever cut below this.</summary>
    public const long ShortestMs = 60_000;

    /// <summary>Parts of a length; the last takes a rest of up to a tenth along ("the last 24 hours" are a day and a millisecond, both ends inclusive).</summary>
    public static IReadOnlyList<TimeWindow> Split(TimeWindow window, TimeSpan length)
    {
        var step = Math.Max(ShortestMs, (long)length.TotalMilliseconds);
        if (window.LengthMs <= step + step / 10)
        {
            return [window];
        }

        List<TimeWindow> parts = [];
        for (var start = window.StartMs; start <= window.EndMs;)
        {
            var end = start + step - 1;
            if (window.EndMs - end <= step / 10)
            {
                end = window.EndMs;
            }

            parts.Add(new TimeWindow(start, end));
            start = end + 1;
        }

        return parts;
    }

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
}
