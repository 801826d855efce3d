using System.Buffers;

namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>
/// The period of a beacon whose beats may be missed: a gap of one and a half periods is one late beat or two early ones, and taking it for
/// either puts the count of beats off by one. Each gap counts as so many beats as it is likely to hold, given how much the gaps differ and
/// how many beats are missed, which are learnt from the gaps with the period (expectation and maximisation: Dempster, Laird and Rubin,
/// 1977). Counting beats, rather than averaging the single gaps, makes the period exact where the count is.
/// </summary>
internal static class Period
{
    /// <summary>So many gaps: with more, those that are counted wrongly are a share too small to matter.</summary>
    private const int MostGaps = 2_000;

    /// <summary>After so many rounds it moves by less than a thousandth.</summary>
    private const int Rounds = 12;

    /// <summary>A gap may hold so many beats; longer ones are pauses, which tell nothing of the period.</summary>
    private const int MostBeats = 8;

    /// <summary>No timer is more exact than the network it calls through.</summary>
    private const double LeastSpread = 0.005;

    private const double LeastMissed = 0.001;

    /// <param name="gaps">Between beats, in order of size.</param>
    /// <param name="near">A period near the true one, more than 0.</param>
    public static double Of(ReadOnlySpan<double> gaps, double near)
    {
        if (gaps.Length > MostGaps)
        {
            return near;
        }

        var likely = ArrayPool<double>.Shared.Rent(MostBeats);
        try
        {
            var (period, spread, missed) = (near, First(gaps, near), 0.1);
            for (var round = 0; round < Rounds; round++)
            {
                var (sum, beats, variance, count) = (0.0, 0.0, 0.0, 0);
                foreach (var gap in gaps)
                {
                    if (Weigh(gap / period, spread, missed, likely) is var all and > 0)
                    {
                        for (var k = 1; k <= MostBeats; k++)
                        {
                            var share = likely[k - 1] / all;
                            beats += share * k;
                            variance += share * Square((gap / period) - k) / k;
                        }

                        sum += gap;
                        count++;
                    }
                }

                if (count == 0)
                {
                    return near;
                }

                (period, spread) = (sum / beats, Math.Max(LeastSpread, Math.Sqrt(variance / count)));
                missed = Math.Max(LeastMissed, 1 - (count / beats));
            }

            return period;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(likely);
        }
    }

    // How likely a gap is so many beats: each is late or early by itself, so that k of them differ by the root of k.
    private static double Weigh(double gap, double spread, double missed, double[] likely)
    {
        var (all, prior) = (0.0, 1.0);
        for (var k = 1; k <= MostBeats; k++, prior *= missed)
        {
            likely[k - 1] = prior * Math.Exp(-Square(gap - k) / (2 * k * spread * spread)) / Math.Sqrt(k);
            all += likely[k - 1];
        }

        return all;
    }

    // Of the gaps that are surely one beat.
    private static double First(ReadOnlySpan<double> gaps, double near)
    {
        var (sum, count) = (0.0, 0);
        foreach (var gap in gaps)
        {
            (sum, count) = gap < 1.5 * near ? (sum + Square((gap / near) - 1), count + 1) : (sum, count);
        }

        return Math.Max(LeastSpread, Math.Sqrt(sum / Math.Max(1, count)));
    }

    private static double Square(double value) => value * value;
}
