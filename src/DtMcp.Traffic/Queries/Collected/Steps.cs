using System.Numerics;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Collected;

/// <summary>
/// The length of the steps that the history groups times by: each lies within one step of the zone's clock, which knows nothing of zones.
/// </summary>
internal static class Steps
{
    private const long HourMs = 3_600_000;
    private const long QuarterMs = 900_000;
    private const long DayMs = 86_400_000;

    public static long LengthOf(Dimension by, AnalysisSettings settings)
    {
        var wanted = by == Dimension.Interval && settings.Interval is { } interval ? (long)interval.TotalMilliseconds : HourMs;
        return settings.Zone.Equals(TimeZoneInfo.Utc) ? wanted
            : (long)BigInteger.GreatestCommonDivisor(wanted, IsWholeHours(settings) ? HourMs : QuarterMs);
    }

    // Zones go by full quarters of an hour, most by full hours.
    private static bool IsWholeHours(AnalysisSettings settings)
    {
        for (var time = settings.Window.StartMs - DayMs; time <= settings.Window.EndMs + DayMs; time += DayMs)
        {
            if (settings.Zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(time)).TotalMilliseconds % HourMs != 0)
            {
                return false;
            }
        }

        return true;
    }
}
