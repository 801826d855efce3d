namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>Statistics that a few outliers do not move, over sorted numbers.</summary>
internal static class Robust
{
    public static double Median(ReadOnlySpan<double> sorted) => Quantile(sorted, 0.5);

    /// <summary>Median absolute deviation from a centre.</summary>
    public static double Spread(ReadOnlySpan<double> sorted, double centre)
    {
        var deviations = new double[sorted.Length];
        for (var i = 0; i < sorted.Length; i++)
        {
            deviations[i] = Math.Abs(sorted[i] - centre);
        }

        Array.Sort(deviations);
        return Median(deviations);
    }

    /// <summary>
    /// Bowley's skew, -1 to 1: which quartile lies further from the median (A. L. Bowley, Elements of Statistics). 0 when the quartiles
    /// coincide.
    /// </summary>
    public static double BowleySkew(ReadOnlySpan<double> sorted)
    {
        var (low, middle, high) = (Quantile(sorted, 0.25), Median(sorted), Quantile(sorted, 0.75));
        return high > low ? (high + low - (2 * middle)) / (high - low) : 0;
    }

    private static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var (below, above) = ((int)Math.Floor(at), (int)Math.Ceiling(at));
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }
}
