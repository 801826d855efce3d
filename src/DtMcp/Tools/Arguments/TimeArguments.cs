using System.Globalization;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools.Arguments;

/// <summary>A point of time as given: a lone date means its first millisecond as a start and its last as an end.</summary>
internal readonly record struct GivenTime(long Ms, bool IsDate)
{
    private const long DayMs = 86_400_000;

    public long EndMs => IsDate ? Ms + DayMs - 1 : Ms;
}

/// <summary>
/// Windows of time from arguments: <c>last</c>, <c>from</c>+<c>to</c>, or <c>starttime</c>+<c>endtime</c>; never mixed, never half a pair.
/// </summary>
internal static class TimeArguments
{
    private static readonly TimeSpan Default = TimeSpan.FromHours(24);

    private static readonly TimeSpan Longest = TimeSpan.FromDays(LongestWindow.Days);

    // Before this, a number of milliseconds would be a day of 1973: it is seconds.
    private const long LeastMilliseconds = 100_000_000_000;

    // The end of the year 9999.
    private const long LatestMs = 253_402_300_799_999;

    private static readonly string[] Forms =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss 'UTC'", "yyyyMMdd'T'HHmmss", "yyyyMMdd'T'HHmmssK",
    ];

    /// <summary>The window asked for; the last 24 hours when none is.</summary>
    public static TimeWindow Window(ToolArguments arguments, TimeProvider clock)
    {
        var text = Pair(arguments, From, To);
        var epoch = Pair(arguments, StartTime, EndTime);
        var duration = arguments.Duration(Last);
        if ((text is null ? 0 : 1) + (epoch is null ? 0 : 1) + (duration is null ? 0 : 1) > 1)
        {
            throw Refusal.Of("The window is given twice.", "Give last, or from and to, or starttime and endtime.");
        }

        return text ?? epoch ?? UpToNow(duration ?? Default, clock);
    }

    /// <summary>A window by its two ends, or null when neither is given.</summary>
    public static TimeWindow? Pair(ToolArguments arguments, Parameter startName, Parameter endName)
    {
        switch (arguments.Time(startName), arguments.Time(endName))
        {
            case (null, null):
                return null;
            case ({ } start, { } end):
                if (start.Ms > end.EndMs)
                {
                    throw Refusal.Of($"{startName.Name} is after {endName.Name}.", "Swap them: a window starts before it ends.");
                }

                var window = new TimeWindow(start.Ms, end.EndMs);
                return LongestWindow.Holds(window)
                    ? window
                    : throw Refusal.Of(
                        $"{startName.Name} and {endName.Name} are more than {LongestWindow.Days} days apart.", "Ask a shorter window.");
            case (null, _):
                throw Half(endName, startName);
            default:
                throw Half(startName, endName);
        }
    }

    /// <summary>15m, 24h, 7d, 90s, 2w, and the same with the unit written out; null for anything else.</summary>
    public static TimeSpan? ParseDuration(string text)
    {
        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        if (digits is 0 or > 9)
        {
            return null;
        }

        var count = long.Parse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture);
        long? seconds = text.AsSpan(digits).Trim().ToString().ToUpperInvariant() switch
        {
            "S" or "SEC" or "SECOND" or "SECONDS" => 1,
            "M" or "MIN" or "MINUTE" or "MINUTES" => 60,
            "H" or "HR" or "HOUR" or "HOURS" => 3_600,
            "D" or "DAY" or "DAYS" => 86_400,
            "W" or "WEEK" or "WEEKS" => 604_800,
            _ => null,
        };
        if (seconds is null || count == 0)
        {
            return null;
        }

        var span = TimeSpan.FromSeconds(count * seconds.Value);
        return span <= Longest ? span : null;
    }

    /// <summary>A UTC time in one of the usual forms, or a number of milliseconds or seconds since 1970; null for anything else.</summary>
    public static GivenTime? ParseTime(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && !text.Contains('T', StringComparison.Ordinal))
        {
            // Eight digits are a date without dashes, not 1970.
            var ms = Math.Abs(number) < LeastMilliseconds ? number * 1000 : number;
            return ms is >= 0 and <= LatestMs && number >= 100_000_000 ? new GivenTime((long)ms, IsDate: false) : null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return new GivenTime(new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeMilliseconds(),
                IsDate: true);
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;
        return DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, Utc, out var time) && time.Year >= 1970
            ? new GivenTime(time.ToUnixTimeMilliseconds(), IsDate: false)
            : null;
    }

    private static TimeWindow UpToNow(TimeSpan duration, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new TimeWindow((now - duration).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());
    }

    private static ApplianceException Half(Parameter given, Parameter missing) =>
        Refusal.Of($"{given.Name} is given without {missing.Name}.", $"Give both, or last (such as {Last.Name}=24h).");
}
