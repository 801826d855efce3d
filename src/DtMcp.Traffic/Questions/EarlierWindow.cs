using System.Globalization;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Questions;

/// <summary>
/// The window that a comparison or a hunt looks back at: the one before, the same a day or a week earlier, or one that was given.
/// </summary>
internal static class EarlierWindow
{
    private const long DayMs = 86_400_000;

    public static TimeWindow Of(Question question)
    {
        var window = question.Window;
        if (question.Extra.TryGetValue("against_from", out var from) && question.Extra.TryGetValue("against_to", out var to))
        {
            return new TimeWindow(long.Parse(from, CultureInfo.InvariantCulture), long.Parse(to, CultureInfo.InvariantCulture));
        }

        var back = question.Extra.GetValueOrDefault("against") switch
        {
            "day" => DayMs,
            "week" => 7 * DayMs,
            _ => window.LengthMs,
        };
        return new TimeWindow(window.StartMs - back, window.EndMs - back);
    }
}
