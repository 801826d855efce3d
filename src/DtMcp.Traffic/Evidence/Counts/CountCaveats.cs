using System.Globalization;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Queries;

namespace DtMcp.Traffic.Evidence.Counts;

/// <summary>What counts are worth, and what the records themselves would cost.</summary>
internal static class CountCaveats
{
    private const string AtLeast = "Totals are at least what is shown";

    // A guess, and told as one: two pages of 10,000 a second.
    private const double RecordsPerSecond = 20_000;

    public static IEnumerable<string> Of(CountBook book)
    {
        var probes = book.Answers.Select(answer => answer.SilentProbe).OfType<string>().Distinct(StringComparer.Ordinal).Take(8).ToList();
        if (probes.Count > 0)
        {
            var names = string.Join(", ", probes.Select(PlainText.Of));
            yield return $"{AtLeast}: the probe {names} did not answer, so what it alone saw is missing. Ask again; nothing of " +
                "this is kept.";
        }

        if (book.Answers.Any(answer => answer.TimedOut))
        {
            yield return $"{AtLeast}: a count ran out of time on the appliance. Ask a shorter window or a filter; nothing of this is kept.";
        }

        if (book.Answers.Max(answer => (long?)answer.FailedShards) is { } failed and > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{AtLeast}: {failed} parts of the appliance's index failed. Ask again; nothing of this is kept.");
        }

        if (book.Shifts)
        {
            yield return "Records were put into the index while they were counted, so figures may differ by those. Ask a window that " +
                "has ended.";
        }
    }

    /// <summary>What it would take to read the records.</summary>
    public static string Deeper(long records)
    {
        var seconds = records / RecordsPerSecond;
        var time = seconds < 100 ? $"{Math.Max(1, Math.Round(seconds)):0} s" : $"{Math.Round(seconds / 60):0} min";
        return string.Create(CultureInfo.InvariantCulture,
            $"evidence=records reads the {records} records instead, for lists and numbers of partners too: {time} at a guess.");
    }
}
