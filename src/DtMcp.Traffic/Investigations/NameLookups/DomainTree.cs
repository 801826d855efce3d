using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions.Names;

namespace DtMcp.Traffic.Investigations.NameLookups;

/// <summary>
/// Counts the different names below each domain, a device. A tunnel sends data as names that nobody asks for twice, all of one domain;
/// who looks at the Web asks for few names of each.
/// </summary>
internal static class DomainTree
{
    // Looking addresses up backwards asks for as many names as there are addresses.
    private static readonly string[] Backwards = [".in-addr.arpa", ".ip6.arpa"];

    public static IReadOnlyList<Tunnel> Tunnels(IReadOnlyCollection<NameRecord> lookups)
    {
        Dictionary<(NetAddress Device, string Domain), HashSet<string>> below = [];
        Dictionary<(NetAddress Device, string Name), (long Lookups, long First, long Last)> sums = [];
        foreach (var lookup in lookups)
        {
            if (IsBackwards(lookup.Name))
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
            .. below.Where(pair => pair.Value.Count >= Tunnel.Least && !IsMostlyOne(below, pair.Key, pair.Value.Count))
                .Select(pair => Of(pair.Key, pair.Value, sums, Server(lookups, pair.Key.Device, pair.Value)))
                .OrderByDescending(tunnel => tunnel.Names).ThenBy(tunnel => tunnel.Domain, StringComparer.Ordinal),
        ];
    }

    /// <summary>Whom a device asked most for some names.</summary>
    internal static NetAddress Server(IEnumerable<NameRecord> lookups, NetAddress device, HashSet<string> names) => lookups
        .Where(lookup => lookup.Source == device && names.Contains(lookup.Name)).CountBy(lookup => lookup.Host)
        .OrderByDescending(host => host.Value).ThenBy(host => host.Key).First().Key;

    /// <summary>Whether an address is looked up backwards.</summary>
    internal static bool IsBackwards(string name) =>
        Array.Exists(Backwards, suffix => name.EndsWith(suffix, StringComparison.Ordinal));

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
        Dictionary<(NetAddress Device, string Name), (long Lookups, long First, long Last)> sums, NetAddress server)
    {
        var (lookups, first, last) = (0L, long.MaxValue, 0L);
        foreach (var name in names)
        {
            var sum = sums[(key.Device, name)];
            (lookups, first, last) = (lookups + sum.Lookups, Math.Min(first, sum.First), Math.Max(last, sum.Last));
        }

        return new Tunnel(key.Domain, key.Device, server, names.Count, lookups, names.Max(name => name.Length), first, last);
    }
}
