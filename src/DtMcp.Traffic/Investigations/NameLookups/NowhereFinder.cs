using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Traffic.Questions.Names;

namespace DtMcp.Traffic.Investigations.NameLookups;

/// <summary>
/// Finds the domains that each device asked for and nobody has. A domain goes by its label below the last, as Sentinel's rule of potential
/// DGA takes it: names that a search list puts below the own domain are one.
/// </summary>
internal static class NowhereFinder
{
    /// <summary>Domains from which on a device is told: Slips takes ten NXDOMAIN for a sign of generated names.</summary>
    public const int Least = 10;

    public static IReadOnlyList<NowhereDomains> Find(IReadOnlyCollection<NameRecord> lookups) =>
    [
        .. lookups.Where(lookup => Label(lookup.Name) is not null).GroupBy(lookup => lookup.Source)
            .Select(device => Of([.. device])).OfType<NowhereDomains>()
            .OrderByDescending(found => found.Domains).ThenBy(found => found.Device),
    ];

    private static NowhereDomains? Of(List<NameRecord> lookups)
    {
        // What was found once is somebody's: a server may have been away.
        var there = lookups.Where(lookup => !lookup.IsNowhere).Select(lookup => Label(lookup.Name)!).ToHashSet(StringComparer.Ordinal);
        var nowhere = lookups.Where(lookup => lookup.IsNowhere && !there.Contains(Label(lookup.Name)!)).ToList();
        var labels = nowhere.Select(lookup => Label(lookup.Name)!).Distinct().ToList();
        if (labels.Count < Least)
        {
            return null;
        }

        var names = nowhere.Select(lookup => lookup.Name).ToHashSet(StringComparer.Ordinal);
        var times = nowhere.Select(lookup => lookup.TimeMs).OfType<long>().DefaultIfEmpty().ToList();
        return new NowhereDomains(
            nowhere[0].Source, DomainTree.Server(nowhere, nowhere[0].Source, names), labels.Count, labels.Count + there.Count,
            nowhere.Count, Median(labels.Select(Entropy)), Median(labels.Select(label => label.Length)),
            names.Order(StringComparer.Ordinal).First(), times.Min(), times.Max());
    }

    private static T Median<T>(IEnumerable<T> values) => values.Order().ToList() is var ordered ? ordered[ordered.Count / 2] : default!;

    // A browser that looks whether somebody answers for everything asks for one word.
    private static string? Label(string name) =>
        name.LastIndexOf('.') is > 0 and var last && !DomainTree.IsBackwards(name)
            ? name[(name.LastIndexOf('.', last - 1) + 1)..last]
            : null;

    /// <summary>Shannon's entropy of a text's letters, in bits a letter.</summary>
    internal static double Entropy(string text) =>
        text.CountBy(letter => letter).Sum(letter => -(double)letter.Value / text.Length * Math.Log2((double)letter.Value / text.Length));
}
