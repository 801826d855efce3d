using System.Globalization;

namespace DtMcp.Traffic.Answers;

/// <summary>Times in milliseconds since 1970 as an answer shows them, in UTC; null of a time that no calendar shows.</summary>
internal static class UtcText
{
    /// <summary><c>YYYY-MM-DD HH:MM:SS</c>.</summary>
    public static string? Second(long? milliseconds) => Of(milliseconds, "yyyy-MM-dd HH:mm:ss");

    /// <summary><c>YYYY-MM-DD HH:00</c>.</summary>
    public static string? Hour(long? milliseconds) => Of(milliseconds, "yyyy-MM-dd HH:00");

    /// <summary>The start of an interval: <c>YYYY-MM-DD HH:MM</c>, with seconds where it has some.</summary>
    public static string? Interval(long? milliseconds) =>
        Of(milliseconds, milliseconds % 60_000 == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss");

    // The first millisecond of year 1 stands for no time: software that knows none writes it.
    private static string? Of(long? milliseconds, string format) =>
        milliseconds is { } ms and > -62_135_596_800_000 and < 253_402_300_800_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString(format, CultureInfo.InvariantCulture)
            : null;
}
