namespace DtMcp.Simulator.Scenarios;

// The days are counted back from the end: day 0 is the 24 hours before it, so that "the last 24 hours" is one of them at any hour.
internal readonly record struct OfficeDays(long EndMs, int Count)
{
    public const long DayMs = 86_400_000;

    // Visits that must be in every day keep this far from its edges: a clock that runs on for two hours still sees one in each day.
    private const long Margin = 2 * 3_600_000;

    public long StartMs => EndMs - (Count * DayMs);

    public long StartOf(int day) => EndMs - ((day + 1) * DayMs);

    /// The moment of a day at which it is `timeOfDayMs` past midnight (UTC); never the very first millisecond, which belongs to two
    /// windows.
    public long At(int day, int timeOfDayMs)
    {
        var start = StartOf(day);
        var offset = (timeOfDayMs - (start % DayMs) + DayMs) % DayMs;
        return start + Math.Max(offset, 1);
    }

    public long Draw(int day, DayCurve curve, SplitMix random) => At(day, curve.Draw(random));

    public long DrawInside(int day, DayCurve curve, SplitMix random)
    {
        var start = StartOf(day);
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var moment = At(day, curve.Draw(random));
            if (moment >= start + Margin && moment <= start + DayMs - Margin)
            {
                return moment;
            }
        }

        return start + Margin + (long)(random.Unit() * (DayMs - (2 * Margin)));
    }
}
