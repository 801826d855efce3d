using System.Globalization;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Questions;

/// <summary>How long a window may be, however it was given: by its ends, by a cursor, or as the one to compare with.</summary>
public static class LongestWindow
{
    public const int Days = 366;

    private const long DayMs = 86_400_000;

    // "The last 366 days" are a millisecond more, both ends inclusive.
    public static bool Holds(TimeWindow window) => window.LengthMs <= (Days * DayMs) + 1;

    /// <summary>Refuses a window that is too long, before anything is asked.</summary>
    internal static TimeWindow Check(TimeWindow window) => Holds(window)
        ? window
        : throw new ApplianceException(
            ApplianceError.InvalidArgument,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The window is {window.LengthMs / DayMs} days long; the longest is {Days}. Nothing was asked."),
            "Ask a shorter window.");
}
