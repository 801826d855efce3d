using System.Globalization;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools.Arguments;

/// <summary>
/// Windows of time from arguments: <c>last</c>, <c>from</c>+<c>to</c>, or <c>starttime</c>+<c>endtime</c>; never mixed. A start alone goes
/// on until now, an end alone is refused.
/// </summary>
internal static class TimeArguments
{
    private static readonly TimeSpan Default = TimeSpan.FromHours(24);

    private static readonly TimeSpan Longest = TimeSpan.FromDays(LongestWindow.Days);

    // Before this, a number of milliseconds would be a day of 1973: it is seconds.
    private const long LeastMilliseconds = 100_000_000_000;

    // The end of the year 9999.
    private const long LatestMs = 253_402_300_799_999;

    private static readonly string[] WallForms =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyyMMdd'T'HHmmss",
    ];

    private static readonly string[] OffsetForms =
    [
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK",
        "yyyy-MM-dd HH:mm:ss 'UTC'", "yyyyMMdd'T'HHmmssK",
    ];

    /// <summary>The window asked for; the last 24 hours when none is.</summary>
    public static TimeWindow Window(ToolArguments arguments)
    {
        var clock = arguments.Clock;
        var text = Pair(arguments, From, To, mayRun: true);
        var epoch = Pair(arguments, StartTime, EndTime, mayRun: true);
        var last = arguments.Span(Last);
        if ((text is null ? 0 : 1) + (epoch is null ? 0 : 1) + (last is null ? 0 : 1) > 1)
        {
            throw Refusal.Of("The window is given twice.", "Give last, or from and to, or starttime and endtime.");
        }

        return text ?? epoch ?? (last is { Word: { } word } ? TimeWords.In(word, clock) : UpToNow(last?.Length ?? Default, clock));
    }

    /// <summary>Whether the window ends at the present, so that the same question asked later means a later one.</summary>
    public static bool IsRelative(ToolArguments arguments) =>
        arguments.Has(From) ? !arguments.Has(To)
        : arguments.Has(StartTime) ? !arguments.Has(EndTime)
        : arguments.Span(Last) is not { Word: { } word } || word is TimeWord.Today or TimeWord.ThisWeek or TimeWord.ThisMonth;

    /// <summary>
    /// A window by its two ends, or by its start alone where it <paramref name="mayRun"/> until now; null when neither is given.
    /// </summary>
    public static TimeWindow? Pair(ToolArguments arguments, Parameter startName, Parameter endName, bool mayRun = false)
    {
        var (given, givenEnd) = (arguments.Time(startName), arguments.Time(endName));
        if (given is null)
        {
            return givenEnd is null ? null : throw Half(endName, startName);
        }

        if (givenEnd is null && !mayRun)
        {
            throw Half(startName, endName);
        }

        var clock = arguments.Clock;
        var start = given.In(clock).StartMs;
        var end = givenEnd?.In(clock).EndMs ?? clock.NowMs;
        if (start > end)
        {
            throw givenEnd is null
                ? Refusal.Of($"{startName.Name} is after now.", "A window starts before it ends: give an earlier start.")
                : Refusal.Of($"{startName.Name} is after {endName.Name}.", "Swap them: a window starts before it ends.");
        }

        var window = new TimeWindow(start, end);
        return LongestWindow.Holds(window)
            ? window
            : throw Refusal.Of(
                $"{startName.Name} and {(givenEnd is null ? "now" : endName.Name)} are more than {LongestWindow.Days} days apart.",
                "Ask a shorter window.");
    }

    /// <summary>A length such as <c>24h</c> or <c>last hour</c>, or a word such as <c>yesterday</c>; null for anything else.</summary>
    public static GivenSpan? ParseSpan(string text)
    {
        if (TimeWords.Parse(text) is { } word)
        {
            return word == TimeWord.Now ? null : new GivenSpan(null, word);
        }

        var plain = TimeWords.WithoutFillers(text);
        return ParseDuration(plain is "hour" or "day" ? $"1 {plain}" : plain) is { } length ? new GivenSpan(length, null) : null;
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

    /// <summary>
    /// A time in one of the usual forms, a date, a number of milliseconds or seconds since 1970, or a word such as <c>yesterday</c>; null
    /// for anything else.
    /// </summary>
    public static GivenTime? ParseTime(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && !text.Contains('T', StringComparison.Ordinal))
        {
            // Eight digits are a date without dashes, not 1970.
            var ms = Math.Abs(number) < LeastMilliseconds ? number * 1000 : number;
            return ms is >= 0 and <= LatestMs && number >= 100_000_000 ? new GivenTime.Instant((long)ms) : null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date.Year >= 1970 ? new GivenTime.Day(date) : null;
        }

        if (DateTime.TryParseExact(text, WallForms, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var wall))
        {
            return wall.Year >= 1970 ? new GivenTime.OnTheWall(wall) : null;
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;
        return DateTimeOffset.TryParseExact(text, OffsetForms, CultureInfo.InvariantCulture, Utc, out var time) && time.Year >= 1970
            ? new GivenTime.Instant(time.ToUnixTimeMilliseconds())
            : TimeWords.Parse(text) is { } word ? new GivenTime.Word(word)
            : null;
    }

    private static TimeWindow UpToNow(TimeSpan duration, ZoneClock clock) =>
        new((clock.Now - duration).ToUnixTimeMilliseconds(), clock.NowMs);

    private static ApplianceException Half(Parameter given, Parameter missing) =>
        Refusal.Of($"{given.Name} is given without {missing.Name}.", $"Give both, or last (such as {Last.Name}=24h).");
}

/// <summary>A length of time up to now, or a word for a span; one of both.</summary>
internal sealed record GivenSpan(TimeSpan? Length, TimeWord? Word);
