namespace DtMcp.Hunts.Rivals;

/// <summary>
/// Our port of Elastic's beaconing 1.3.3 (elastic/integrations, packages/beaconing, the pivot transform): windows of six hours in buckets
/// of a minute; even bytes each way, even counts and a periodic autocovariance, all three asked for. By pair, as no process is known here.
/// </summary>
internal static class ElasticTransform
{
    private const int Buckets = 360;

    public static bool IsFound(Pair pair)
    {
        var first = pair.Starts[0];
        for (var from = first; from <= pair.Starts[^1]; from += 3_600)
        {
            var at = Enumerable.Range(0, pair.Starts.Count).Where(i => pair.Starts[i] >= from
                && pair.Starts[i] < from + (Buckets * 60)).ToList();
            if (at.Count >= 6 && Score(pair, at, from) == 3)
            {
                return true;
            }
        }

        return false;
    }

    private static int Score(Pair pair, List<int> at, double from)
    {
        var counts = new double[Buckets];
        foreach (var i in at)
        {
            // A start just before the end may be rounded onto it.
            counts[Math.Min(Buckets - 1, (int)((pair.Starts[i] - from) / 60))]++;
        }

        var bytes = Variation([.. at.Select(i => pair.Sent[i])]) <= 0.05 && Variation([.. at.Select(i => pair.Received[i])]) <= 0.05;
        var filled = counts.Count(count => count > 0);
        var even = Variation(counts) <= 0.1 && filled * 2 >= Buckets;
        return (bytes ? 1 : 0) + (even ? 1 : 0) + (Repeats(counts) ? 1 : 0);
    }

    private static bool Repeats(double[] counts)
    {
        var mean = counts.Average();
        var whole = counts.Sum(count => (count - mean) * (count - mean));
        if (whole == 0)
        {
            return true;
        }

        for (var lag = 1; lag <= Buckets / 6; lag++)
        {
            var sum = 0.0;
            for (var i = 0; i + lag < Buckets; i++)
            {
                sum += (counts[i] - mean) * (counts[i + lag] - mean);
            }

            if (sum / whole >= 0.7)
            {
                return true;
            }
        }

        return false;
    }

    private static double Variation(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        return mean == 0 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Count) / mean;
    }
}
