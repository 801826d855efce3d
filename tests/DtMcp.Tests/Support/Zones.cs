namespace DtMcp.Tests.Support;

/// <summary>Zones made here, so that tests do not depend on the zones of the system.</summary>
internal static class Zones
{
    /// <summary>An hour before UTC; another from the last Sunday of March to that of October, at 01:00 UTC.</summary>
    public static TimeZoneInfo Berlin { get; } = TimeZoneInfo.CreateCustomTimeZone(
        "Test/Berlin", TimeSpan.FromHours(1), "Test/Berlin", "standard", "summer",
        [
            TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
                DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday)),
        ]);

    /// <summary>Five hours and a half before UTC, always.</summary>
    public static TimeZoneInfo Kolkata { get; } =
        TimeZoneInfo.CreateCustomTimeZone("Test/Kolkata", new TimeSpan(5, 30, 0), "Test/Kolkata", "Test/Kolkata");

    /// <summary>Why a test that needs the zones of the system cannot run; null where it can.</summary>
    public static string? WhyNoneHere => Directory.Exists("/usr/share/zoneinfo/Europe") ? null : "This system has no time zones.";
}
