using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Json;

/// <summary>
/// Times in another unit than milliseconds since 1970. As milliseconds, seconds of the years 1990 to 2100 lie in January and February 1970,
/// and microseconds after the year 20000: no connection was seen then, so such a number is taken for what it is.
/// </summary>
internal static class TimeUnits
{
    /// <summary>1990 and 2100 in seconds since 1970.</summary>
    private const long Earliest = 631_152_000;
    private const long Latest = 4_102_444_800;
    private const long Thousand = 1_000;
    private const long Million = 1_000_000;
    private const long Billion = 1_000_000_000;

    /// <summary>Whether a number is hardly milliseconds.</summary>
    public static bool IsOther(long value) =>
        value is (>= Earliest and <= Latest) or (>= Earliest * Million and <= Latest * Million)
            or (>= Earliest * Billion and <= Latest * Billion);

    /// <summary>
    /// A time as milliseconds since 1970, from a number in any unit or an ISO 8601 text; false when it is none or outside the calendar.
    /// </summary>
    /// <param name="text">The value.</param>
    /// <param name="ms">The time.</param>
    /// <param name="odd">The unit, where it is not milliseconds.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out long ms, out InvalidKind? odd)
    {
        odd = null;
        if (!JsonScalar.TryWhole(text, out ms))
        {
            return IsoTime.TryParse(text, out ms) && JsonScalar.IsTime(ms);
        }

        if (!IsOther(ms))
        {
            return JsonScalar.IsTime(ms);
        }

        if (ms <= Latest)
        {
            odd = InvalidKind.Seconds;
            return JsonScalar.TryMilliseconds(text, out ms);
        }

        (odd, ms) = ms <= Latest * Million ? (InvalidKind.Microseconds, ms / Thousand) : (InvalidKind.Nanoseconds, ms / Million);
        return true;
    }
}
