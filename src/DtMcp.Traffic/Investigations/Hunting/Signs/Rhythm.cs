using System.Buffers;

namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>
/// How even the starts of one channel are. A missed beat leaves a gap of 2 to <see cref="HuntRules.MaxMissed"/> periods, which counts as so
/// many; the period is the mean of the beats so counted, the jitter the median absolute deviation from it.
/// </summary>
/// <param name="Beats">Starts, those within a second of the one before left out.</param>
/// <param name="SpanMs">From the first to the last.</param>
/// <param name="PeriodMs">Milliseconds between two beats.</param>
/// <param name="Jitter">Median absolute deviation of the gaps over the period.</param>
/// <param name="Regular">Share of the gaps near the period or a small multiple.</param>
/// <param name="Skew">Bowley's skew of the gaps; 0 where the quartiles lie close together.</param>
internal readonly record struct Rhythm(int Beats, long SpanMs, double PeriodMs, double Jitter, double Regular, double Skew)
{
    private const int Rounds = 3;

    /// <param name="starts">In order of time.</param>
    /// <param name="fewest">Fewest beats.</param>
    /// <returns>Null when there are too few, or no period fits.</returns>
    public static Rhythm? Of(ReadOnlySpan<long> starts, int fewest)
    {
        var rented = ArrayPool<double>.Shared.Rent(starts.Length);
        try
        {
            var gaps = Gaps(starts, rented, out var span);
            return gaps.Length + 1 < fewest ? null : Of(gaps, span);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    /// <summary>The same with the period as exact as the gaps tell it: <see cref="Period"/>, of what is shown.</summary>
    /// <param name="starts">Those that it was made of.</param>
    public Rhythm Refined(ReadOnlySpan<long> starts)
    {
        var rented = ArrayPool<double>.Shared.Rent(starts.Length);
        try
        {
            var gaps = Gaps(starts, rented, out _);
            gaps.Sort();
            return this with { PeriodMs = Period.Of(gaps, PeriodMs) };
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    public bool IsLow => Jitter <= HuntRules.JitterLow && Regular >= HuntRules.RegularLow;

    private static Span<double> Gaps(ReadOnlySpan<long> starts, double[] rented, out long span)
    {
        var count = 0;
        long first = starts[0], beat = first, last = first;
        foreach (var start in starts[1..])
        {
            if (start - last > HuntRules.SameBeatMs)
            {
                rented[count++] = start - beat;
                beat = start;
            }

            last = start;
        }

        span = beat - first;
        return rented.AsSpan(0, count);
    }

    private static Rhythm? Of(Span<double> gaps, long span)
    {
        gaps.Sort();
        var median = Robust.Median(gaps);
        var period = Refined(gaps, median);
        var regular = 0;
        foreach (ref var gap in gaps)
        {
            regular += IsRegular(gap, period) ? 1 : 0;
            var beats = Math.Round(gap / period);
            gap = beats is > 1 and <= HuntRules.MaxMissed ? gap / beats : gap;
        }

        gaps.Sort();
        var (low, high) = Robust.Quartiles(gaps);
        var skew = high - low >= HuntRules.SkewSpread * period ? Robust.BowleySkew(gaps) : 0;
        var share = regular / (double)gaps.Length;
        return new Rhythm(gaps.Length + 1, span, period, Robust.Spread(gaps, period) / period, share, skew);
    }

    private static double Refined(ReadOnlySpan<double> gaps, double median)
    {
        var period = median;
        for (var round = 0; round < Rounds; round++)
        {
            var (sum, beats) = (0.0, 0.0);
            foreach (var gap in gaps)
            {
                // Late or early, a gap counts: leaving out what does not fit would lean to the side where less is left out.
                var missed = Math.Max(1, Math.Round(gap / period));
                if (missed <= HuntRules.MaxMissed)
                {
                    sum += gap;
                    beats += missed;
                }
            }

            period = beats > 0 ? sum / beats : period;
        }

        return period;
    }

    private static bool IsRegular(double gap, double period)
    {
        var beats = Math.Max(1, Math.Round(gap / period));
        return beats <= HuntRules.MaxMissed && Math.Abs(gap - (beats * period)) <= HuntRules.NearPeriod * period;
    }
}
