using System.Buffers;

namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>Statistics that a few outliers do not move, over sorted numbers.</summary>
internal static class Robust
{
    public static double Median(ReadOnlySpan<double> sorted) => Quantile(sorted, 0.5);

    public static (double Low, double High) Quartiles(ReadOnlySpan<double> sorted) => (Quantile(sorted, 0.25), Quantile(sorted, 0.75));

    /// <summary>Median absolute deviation from a centre.</summary>
    public static double Spread(ReadOnlySpan<double> sorted, double centre)
    {
        var rented = ArrayPool<double>.Shared.Rent(sorted.Length);
        try
        {
            var deviations = rented.AsSpan(0, sorted.Length);
            for (var i = 0; i < sorted.Length; i++)
            {
                deviations[i] = Math.Abs(sorted[i] - centre);
            }

            deviations.Sort();
            return Median(deviations);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    /// <summary>
    /// Bowley's skew, -1 to 1: which quartile lies further from the median (A. L. Bowley, Elements of Statistics). 0 when the quartiles
    /// coincide.
    /// </summary>
    public static double BowleySkew(ReadOnlySpan<double> sorted)
    {
        var (low, high) = Quartiles(sorted);
        return high > low ? (high + low - (2 * Median(sorted))) / (high - low) : 0;
    }

    private static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var (below, above) = ((int)Math.Floor(at), (int)Math.Ceiling(at));
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }
}
