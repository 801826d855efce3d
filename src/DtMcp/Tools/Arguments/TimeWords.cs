using DtMcp.Darktrace.Values;

namespace DtMcp.Tools.Arguments;

/// <summary>A span of time that people have a word for.</summary>
internal enum TimeWord
{
    Now,
    Today,
    Yesterday,

    /// <summary>From 20:00 of yesterday to 06:00 of today, or until now.</summary>
    Night,
    ThisWeek,

    /// <summary>The week before this one; a week starts on Monday (ISO 8601).</summary>
    LastWeek,
    LastWeekend,
    ThisMonth,
    LastMonth,

    /// <summary>The last whole day of that name, and the other days of the week after it in order.</summary>
    Sunday,
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
}

/// <summary>Reads words for spans, and says where those begin and end by the calendar of a zone.</summary>
internal static class TimeWords
{
    /// <summary>Those that a refusal names.</summary>
    public const string Some = "today, yesterday, night, week, month or a weekday";

    // When an office is empty.
    private const int NightFrom = 20;
    private const int NightTo = 6;

    private static readonly string[] Fillers = ["on ", "the ", "last ", "past ", "previous "];

    /// <summary><c>yesterday</c>, <c>last night</c>, <c>Monday</c>; null for anything else.</summary>
    public static TimeWord? Parse(string text)
    {
        var word = Plain(text);
        if (word.StartsWith("this ", StringComparison.Ordinal))
        {
            return word switch
            {
                "this day" => TimeWord.Today,
                "this week" => TimeWord.ThisWeek,
                "this month" => TimeWord.ThisMonth,
                _ => null,
            };
        }

        word = WithoutFillers(word);
        return word switch
        {
            "now" => TimeWord.Now,
            "today" => TimeWord.Today,
            "yesterday" => TimeWord.Yesterday,
            "night" or "overnight" => TimeWord.Night,
            "week" => TimeWord.LastWeek,
            "weekend" => TimeWord.LastWeekend,
            "month" => TimeWord.LastMonth,
            _ when word.Length > 3 && char.IsAsciiLetter(word[0]) && Enum.TryParse<DayOfWeek>(word, ignoreCase: true, out var day) =>
                TimeWord.Sunday + (int)day,
            _ => null,
        };
    }

    /// <summary>A text without what people say before a span: <c>last 24h</c> is <c>24h</c>.</summary>
    public static string WithoutFillers(string text)
    {
        var word = Plain(text);
        while (Array.Find(Fillers, filler => word.StartsWith(filler, StringComparison.Ordinal)) is { } filler)
        {
            word = word[filler.Length..];
        }

        return word;
    }

    /// <summary>The span by the clock of a zone; one that is still running ends now.</summary>
    public static TimeWindow In(TimeWord word, ZoneClock clock)
    {
        var today = clock.Today;
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var month = new DateOnly(today.Year, today.Month, 1);
        return word switch
        {
            TimeWord.Now => new TimeWindow(clock.NowMs, clock.NowMs),
            TimeWord.Today => UntilNow(clock.StartOf(today)),
            TimeWord.Yesterday => clock.Days(today.AddDays(-1), today),
            TimeWord.Night => new TimeWindow(
                clock.At(today.AddDays(-1), NightFrom), Math.Min(clock.NowMs, clock.At(today, NightTo) - 1)),
            TimeWord.ThisWeek => UntilNow(clock.StartOf(monday)),
            TimeWord.LastWeek => clock.Days(monday.AddDays(-7), monday),
            TimeWord.LastWeekend => clock.Days(monday.AddDays(-2), monday),
            TimeWord.ThisMonth => UntilNow(clock.StartOf(month)),
            TimeWord.LastMonth => clock.Days(month.AddMonths(-1), month),
            _ => OnWeekday((DayOfWeek)(word - TimeWord.Sunday)),
        };

        TimeWindow UntilNow(long start) => new(Math.Min(start, clock.NowMs), clock.NowMs);

        TimeWindow OnWeekday(DayOfWeek day)
        {
            var back = ((int)today.DayOfWeek - (int)day + 7) % 7;
            var date = today.AddDays(-(back == 0 ? 7 : back));
            return clock.Days(date, date.AddDays(1));
        }
    }

    private static string Plain(string text) =>
        string.Join(' ', text.Replace('_', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
}
