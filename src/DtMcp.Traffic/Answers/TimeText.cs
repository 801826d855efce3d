using System.Globalization;

namespace DtMcp.Traffic.Answers;

/// <summary>Times in milliseconds since 1970 as an answer shows them, by the clock of a zone; null where no calendar has them.</summary>
internal static class TimeText
{
    // The first millisecond of year 1 stands for no time: software that knows none writes it. A day to each side is left for zones.
    private const long NoTime = -62_135_596_800_000;
    private const long EndOfTimes = 253_402_300_800_000;
    private const long DayMs = 86_400_000;

    public static bool IsShown(long milliseconds) => milliseconds is > NoTime and < EndOfTimes;

    /// <summary><c>YYYY-MM-DD HH:MM:SS</c>, UTC.</summary>
    public static string? Second(long? milliseconds) => Second(milliseconds, TimeZoneInfo.Utc);

    /// <summary><c>YYYY-MM-DD HH:MM:SS</c>.</summary>
    public static string? Second(long? milliseconds, TimeZoneInfo zone) => Of(milliseconds, zone, "yyyy-MM-dd HH:mm:ss");

    /// <summary>The start of a step, UTC.</summary>
    public static string? Step(long? milliseconds) => Step(milliseconds, TimeZoneInfo.Utc);

    /// <summary>The start of an hour or another step: <c>YYYY-MM-DD HH:MM</c>, with seconds where it has some.</summary>
    public static string? Step(long? milliseconds, TimeZoneInfo zone) =>
        Of(milliseconds, zone, milliseconds % 60_000 == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss");

    /// <summary><c>YYYY-MM-DDTHH:MM:SSZ</c>, with milliseconds where it has some: exact, and one word.</summary>
    public static string Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString(
        milliseconds % 1000 == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string? Of(long? milliseconds, TimeZoneInfo zone, string format)
    {
        if (milliseconds is not { } ms || !IsShown(ms))
        {
            return null;
        }

        var time = DateTimeOffset.FromUnixTimeMilliseconds(ms);
        if (zone.Equals(TimeZoneInfo.Utc) || ms is < NoTime + DayMs or >= EndOfTimes - DayMs)
        {
            return time.ToString(format, CultureInfo.InvariantCulture);
        }

        // An hour that comes twice says which of both it is.
        var local = TimeZoneInfo.ConvertTime(time, zone);
        return local.ToString(zone.IsAmbiguousTime(local) ? format + "zzz" : format, CultureInfo.InvariantCulture);
    }
}
