namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>How many of some times fall into the fullest span.</summary>
internal static class FullestSpan
{
    /// <param name="sorted">Times in order.</param>
    /// <param name="span">How long a span is, both ends inclusive.</param>
    public static int Most(IReadOnlyList<long> sorted, long span)
    {
        var (most, from) = (0, 0);
        for (var to = 0; to < sorted.Count; to++)
        {
            while (sorted[to] - sorted[from] > span)
            {
                from++;
            }

            most = Math.Max(most, to - from + 1);
        }

        return most;
    }
}
