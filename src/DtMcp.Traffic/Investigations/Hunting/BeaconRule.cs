using static DtMcp.Traffic.Investigations.Hunting.HuntContext;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>
/// Regular calls to one destination outside. Jitter is the median absolute deviation of the gaps over their median; both stand up to late
/// and missed beats. A missed beat leaves a gap of 2 to 4 periods, which counts as regular.
/// </summary>
internal static class BeaconRule
{
    public const HuntKind Kind = HuntKind.Beacon;

    public static IEnumerable<Finding> Find(HuntContext context)
    {
        List<Finding> found = [];
        foreach (var (id, beats) in context.Pairs.BeatsByPair(HuntRules.BeatsLow))
        {
            var pair = context.Pairs.All[id];
            if (!IsIcmp(context.Flows, pair.Key.Protocol) && (Regular(context, pair, beats) ?? Polled(context, pair, beats)) is { } finding)
            {
                found.Add(finding);
            }
        }

        return found;
    }

    private static Finding? Regular(HuntContext context, in ConnectionPair pair, List<Beat> all)
    {
        var starts = OneStartABeat(all);
        if (starts.Count < HuntRules.BeatsLow)
        {
            return null;
        }

        var gaps = new double[starts.Count - 1];
        for (var i = 0; i < gaps.Length; i++)
        {
            gaps[i] = starts[i + 1] - starts[i];
        }

        Array.Sort(gaps);
        var period = Robust.Median(gaps);
        var jitter = Robust.Spread(gaps, period) / period;
        var regular = gaps.Count(gap => IsRegular(gap, period)) / (double)gaps.Length;
        if (jitter > HuntRules.JitterLow || regular < HuntRules.RegularLow)
        {
            return null;
        }

        var skew = Robust.BowleySkew(Folded(gaps, period));
        var sizes = SizeSpread(all);
        var confidence = Confidence.Low;
        if (starts.Count >= HuntRules.BeatsMedium && jitter <= HuntRules.JitterMedium && regular >= HuntRules.RegularMedium
            && Math.Abs(skew) <= HuntRules.SkewMedium)
        {
            confidence = starts.Count >= HuntRules.BeatsHigh && jitter <= HuntRules.JitterHigh && sizes <= HuntRules.SizeSpreadHigh
                ? Confidence.High
                : Confidence.Medium;
        }

        confidence = HuntRules.BeatsByDesign(pair.Key.Port) ? Confidence.Low : context.Popular(confidence, pair.Key.Destination);
        return Of(
            context, pair, confidence,
            Text($"period {Span(period)}, jitter {jitter:P0}, {starts.Count} beats over {Span(starts[^1] - starts[0])}, ")
            + Text($"{regular:P0} of gaps regular, sizes within {sizes:P0}"),
            "An updater, a monitoring agent, a page that refreshes itself or a time service.");
    }

    private static Finding? Polled(HuntContext context, in ConnectionPair pair, List<Beat> all)
    {
        var span = all[^1].Start - all[0].Start;
        if (all.Count < HuntRules.PolledConnections || span < HuntRules.PolledSpanMs || HuntRules.BeatsByDesign(pair.Key.Port))
        {
            return null;
        }

        var slots = new HashSet<long>();
        foreach (var beat in all)
        {
            slots.Add((beat.Start - all[0].Start) / HuntRules.PolledSlotMs);
        }

        var filled = slots.Count / (double)(span / HuntRules.PolledSlotMs + 1);
        var sizes = SizeSpread(all);
        return filled < HuntRules.PolledFilled || sizes > HuntRules.PolledSizeSpread ? null : Of(
            context, pair, context.Popular(sizes == 0 ? Confidence.High : Confidence.Medium, pair.Key.Destination),
            Text($"polled without a pause: {all.Count} connections in {Span(span)}, no fixed period, sizes within {sizes:P0}"),
            "A web application or an API client that polls, a download in small parts.");
    }

    private static Finding Of(HuntContext context, ConnectionPair pair, Confidence confidence, string figures, string ruleOut) =>
        new(Kind, confidence, pair.Key.Source)
        {
            Destination = pair.Key.Destination,
            Port = pair.Key.Port,
            First = pair.First,
            Last = pair.Last,
            Connections = pair.Connections,
            BytesOut = context.KnowsBytesOut ? pair.BytesOut : null,
            BytesIn = context.KnowsBytesOut ? pair.BytesIn : null,
            Figures = () => $"{figures}; {context.About(pair.Key)}",
            RuleOut = ruleOut,
        };

    private static bool IsRegular(double gap, double period)
    {
        var beats = Math.Max(1, Math.Round(gap / period));
        return beats <= HuntRules.MaxMissed && Math.Abs(gap - (beats * period)) <= HuntRules.NearPeriod * period;
    }

    /// <summary>Gaps with missed beats taken out, so that those alone do not look like lateness.</summary>
    private static double[] Folded(double[] gaps, double period)
    {
        var folded = Array.ConvertAll(gaps,
            gap => Math.Round(gap / period) is var beats and > 1 and <= HuntRules.MaxMissed ? gap / beats : gap);
        Array.Sort(folded);
        return folded;
    }

    private static List<long> OneStartABeat(List<Beat> beats)
    {
        List<long> starts = [];
        var last = long.MinValue / 2;
        foreach (var beat in beats)
        {
            if (beat.Start - last > HuntRules.SameBeatMs)
            {
                starts.Add(beat.Start);
            }

            last = beat.Start;
        }

        return starts;
    }

    private static double SizeSpread(List<Beat> beats)
    {
        var sizes = beats.Select(beat => (double)beat.Bytes).ToArray();
        Array.Sort(sizes);
        var median = Robust.Median(sizes);
        var spread = Robust.Spread(sizes, median);
        return spread == 0 ? 0 : spread / Math.Max(1, median);
    }
}
