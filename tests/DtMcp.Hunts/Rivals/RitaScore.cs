namespace DtMcp.Hunts.Rivals;

/// <summary>
/// Our port of RITA v5's beacon score (activecm/rita, analysis/beacons.go, default_config.hjson): a mean of timestamps, sizes, duration and
/// histogram, to a severity with prevalence; found from medium up. Connections alone are known here: names and intelligence are not.
/// </summary>
internal static class RitaScore
{
    public static bool IsFound(Pair pair, int devices)
    {
        var unique = pair.Starts.Select(start => Math.Floor(start)).Distinct().Order().ToList();
        if (unique.Count < 4 || pair.Starts.Count >= 86_400)
        {
            return false;
        }

        var gaps = unique.Zip(unique.Skip(1), (a, b) => b - a).Where(gap => gap > 0).Order().ToList();
        var score = (Shape(gaps, 1) + Shape([.. pair.Sent.Order()], 0) + Duration(pair, unique) + Histogram(pair, unique)) / 4;
        var prevalence = pair.Users / (double)Math.Max(1, devices);
        var severity = Severity(score) + (prevalence <= 0.02 ? 0.15 : prevalence >= 0.5 ? -0.15 : 0);
        return severity > 0.4;
    }

    private static double Severity(double score) => score switch
    {
        < 0.5 => 0,
        < 0.7 => 0.2 + ((score - 0.5) / 0.2 * 0.2),
        < 0.9 => 0.4 + ((score - 0.7) / 0.2 * 0.2),
        _ => 0.6 + ((score - 0.9) / 0.1 * 0.2),
    };

    private static double Shape(List<double> sorted, double ofNone)
    {
        if (sorted.Count == 0)
        {
            return 0;
        }

        var (q1, q2, q3) = (At(sorted, 0.25), At(sorted, 0.5), At(sorted, 0.75));
        var skew = q3 - q1 < 10 || q2 == q1 || q2 == q3 ? 0 : (q1 + q3 - (2 * q2)) / (q3 - q1);
        var mad = At([.. sorted.Select(value => Math.Abs(value - q2)).Order()], 0.5);
        var spread = q2 < 1 ? ofNone : Math.Max(0, (q2 - mad) / q2);
        return ((1 - Math.Abs(skew)) + spread) / 2;
    }

    private static double Duration(Pair pair, List<double> unique)
    {
        var hours = unique.Select(start => (int)(start / 3_600)).Distinct().Order().ToList();
        if (hours.Count < 6)
        {
            return 0;
        }

        var (longest, run) = (1, 1);
        for (var i = 1; i < hours.Count; i++)
        {
            run = hours[i] == hours[i - 1] + 1 ? run + 1 : 1;
            longest = Math.Max(longest, run);
        }

        var coverage = (unique[^1] - unique[0]) / Math.Max(1, pair.Data.Last - pair.Data.First);
        return Math.Min(1, Math.Max(coverage, longest / 12.0));
    }

    private static double Histogram(Pair pair, List<double> unique)
    {
        var bins = new double[24];
        var width = Math.Max(1, (pair.Data.Last - pair.Data.First) / 24);
        foreach (var start in unique)
        {
            bins[Math.Clamp((int)((start - pair.Data.First) / width), 0, 23)]++;
        }

        var mean = bins.Average();
        var cv = Math.Sqrt(bins.Sum(bin => (bin - mean) * (bin - mean)) / 24) / mean;
        var even = cv > 1 ? 0 : 1 - cv;
        var filled = bins.Where(bin => bin > 0).ToList();
        if (filled.Count < 11)
        {
            return even;
        }

        var size = Math.Max(1, Math.Ceiling(bins.Max() * 0.05));
        var common = filled.CountBy(bin => Math.Floor(bin / size)).OrderByDescending(count => count.Value).Take(2).Sum(count =>
            count.Value);
        return Math.Max(even, Math.Min(1, common / (double)Math.Max(1, filled.Count - 1)));
    }

    private static double At(List<double> sorted, double share)
    {
        var at = share * (sorted.Count - 1);
        var (low, high) = ((int)Math.Floor(at), (int)Math.Ceiling(at));
        return sorted[low] + ((at - low) * (sorted[high] - sorted[low]));
    }
}
