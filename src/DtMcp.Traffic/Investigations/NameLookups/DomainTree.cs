using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Investigations.NameLookups;

/// <summary>A domain of which one device looked up so many different names that they may carry data.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Device">Who looked them up.</param>
/// <param name="Names">How many different ones.</param>
/// <param name="Lookups">How often in all.</param>
/// <param name="Longest">Letters of the longest name.</param>
/// <param name="First">Milliseconds since 1970.</param>
/// <param name="Last">Milliseconds since 1970.</param>
internal sealed record Tunnel(string Domain, NetAddress Device, int Names, long Lookups, int Longest, long First, long Last)
{
    /// <summary>By the steps that RITA takes (activecm/rita, its configuration of C2 over DNS).</summary>
    public string Severity => Names switch { >= 1_000 => "critical", >= 800 => "high", >= 500 => "medium", _ => "low" };
}

/// <summary>
/// Counts the different names below each domain, a device. A tunnel sends data as names that nobody asks for twice, all of one domain;
/// who looks at the Web asks for few names of each.
/// </summary>
internal static class DomainTree
{
    /// <summary>Names of one domain from which on it is worth a look; RITA begins there.</summary>
    public const int Least = 100;

    // Looking addresses up backwards asks for as many names as there are addresses.
    private static readonly string[] Backwards = [".in-addr.arpa", ".ip6.arpa"];

    public static IReadOnlyList<Tunnel> Tunnels(IEnumerable<NameRecord> lookups)
    {
        Dictionary<(NetAddress Device, string Domain), HashSet<string>> below = [];
        Dictionary<(NetAddress Device, string Name), (long Lookups, long First, long Last)> sums = [];
        foreach (var lookup in lookups)
        {
            if (Array.Exists(Backwards, suffix => lookup.Name.EndsWith(suffix, StringComparison.Ordinal)))
            {
                continue;
            }

            var key = (lookup.Source, lookup.Name);
            var time = lookup.TimeMs ?? 0;
            var isKnown = sums.TryGetValue(key, out var sum);
            sums[key] = isKnown ? (sum.Lookups + 1, Math.Min(sum.First, time), Math.Max(sum.Last, time)) : (1, time, time);
            if (!isKnown)
            {
                foreach (var domain in Above(lookup.Name))
                {
                    if (!below.TryGetValue((lookup.Source, domain), out var names))
                    {
                        below[(lookup.Source, domain)] = names = new(StringComparer.Ordinal);
                    }

                    names.Add(lookup.Name);
                }
            }
        }

        return
        [
            .. below.Where(pair => pair.Value.Count >= Least && !IsMostlyOne(below, pair.Key, pair.Value.Count))
                .Select(pair => Of(pair.Key, pair.Value, sums))
                .OrderByDescending(tunnel => tunnel.Names).ThenBy(tunnel => tunnel.Domain, StringComparer.Ordinal),
        ];
    }

    /// <summary>The domains above a name that have two labels at least, the nearest first.</summary>
    private static IEnumerable<string> Above(string name)
    {
        for (var dot = name.IndexOf('.'); dot >= 0 && name.IndexOf('.', dot + 1) >= 0; dot = name.IndexOf('.', dot + 1))
        {
            yield return name[(dot + 1)..];
        }
    }

    // A domain whose names are nearly all below one of its own is told as that one.
    private static bool IsMostlyOne(Dictionary<(NetAddress Device, string Domain), HashSet<string>> below,
        (NetAddress Device, string Domain) key, int count) =>
        below.Any(other => other.Key.Device == key.Device && other.Value.Count * 10L >= count * 9L
            && other.Key.Domain.Length > key.Domain.Length && other.Key.Domain.EndsWith("." + key.Domain, StringComparison.Ordinal));

    private static Tunnel Of((NetAddress Device, string Domain) key, HashSet<string> names,
        Dictionary<(NetAddress Device, string Name), (long Lookups, long First, long Last)> sums)
    {
        var (lookups, first, last) = (0L, long.MaxValue, 0L);
        foreach (var name in names)
        {
            var sum = sums[(key.Device, name)];
            (lookups, first, last) = (lookups + sum.Lookups, Math.Min(first, sum.First), Math.Max(last, sum.Last));
        }

        return new Tunnel(key.Domain, key.Device, names.Count, lookups, names.Max(name => name.Length), first, last);
    }
}
