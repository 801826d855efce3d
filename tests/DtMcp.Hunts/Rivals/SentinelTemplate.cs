namespace DtMcp.Hunts.Rivals;

/// <summary>
/// Our port of Sentinel's beacon template (KQL): gaps over 25 s, more than 30 events an hour, the commonest gap over 80 % of all.
/// </summary>
internal static class SentinelTemplate
{
    public static bool IsFound(Pair pair) => pair.Starts.GroupBy(start => (long)(start / 3_600)).Any(hour =>
    {
        var starts = hour.ToList();
        var gaps = starts.Zip(starts.Skip(1), (a, b) => Math.Floor(b) - Math.Floor(a)).Where(gap => gap > 25).ToList();
        return gaps.Count > 30 && gaps.CountBy(gap => gap).Max(gap => gap.Value) > 0.8 * gaps.Count;
    });
}
