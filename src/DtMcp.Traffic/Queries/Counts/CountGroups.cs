using System.Globalization;
using DtMcp.Darktrace.Reading.Counts;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Queries.Counts;

/// <summary>A group of connections: its key, and the condition that selects it.</summary>
/// <param name="Key">The address, name or port.</param>
/// <param name="Address">The address, where it is one.</param>
/// <param name="Term">What selects its records among those of the table.</param>
/// <param name="Listed">How many records it has, by the list.</param>
internal sealed record CountGroup(string Key, NetAddress Address, ConnTerm Term, long Listed)
{
    /// <summary>What that number may be short by, at most: what a list lacks, and all that a list without the group may hide.</summary>
    public long MayLack { get; init; }

    public int Port => int.TryParse(Key, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0;
}

/// <summary>The groups of a dimension that the appliance lists.</summary>
/// <param name="Groups">With the most connections first; ties by address, port or name.</param>
/// <param name="IsWhole">Whether there are no others, and each has as many records as it is listed with.</param>
/// <param name="Unlisted">Records that a group that is not listed may have, at most.</param>
internal sealed record CountGroups(IReadOnlyList<CountGroup> Groups, bool IsWhole, long Unlisted)
{
    /// <summary>Whether each group has as many records as it is listed with.</summary>
    public bool ListsExactly { get; private init; }

    /// <summary>What a number may be short by, at most.</summary>
    public long MayLack { get; private init; }

    /// <summary>Records of all groups that are not listed.</summary>
    public long OfOthers { get; private init; }

    private const string Unknown = "unknown";

    /// <summary>The most records that a group may have which is none of the first ones.</summary>
    public long MostBehind(int first) => Math.Max(
        IsWhole ? 0 : Unlisted, Groups.Skip(first).Select(group => group.Listed + group.MayLack).DefaultIfEmpty().Max());

    /// <summary>The groups under a condition; null where they are not there yet.</summary>
    public static CountGroups? Of(Dimension by, ConnTerm? where, bool withUnknown, CountLookup counts, CountTerms terms) => by switch
    {
        Dimension.Source => Addresses(counts, where, ConnField.SourceIp),
        Dimension.Destination => Addresses(counts, where, ConnField.DestinationIp),
        Dimension.Endpoint => Ends(Addresses(counts, where, ConnField.SourceIp), Addresses(counts, where, ConnField.DestinationIp)),
        Dimension.Device => Ends(
            Addresses(counts, CountTerms.And(where, terms.NearSource), ConnField.SourceIp),
            Addresses(counts, CountTerms.And(where, terms.NearDestination), ConnField.DestinationIp)),
        Dimension.Protocol => Names(counts, where, ConnField.Protocol, withUnknown),
        Dimension.ApplicationProtocol => Names(counts, where, ConnField.Service, withUnknown),
        Dimension.State => Fixed(counts, where, ("failed", CountTerms.Failed), ("established", CountTerms.Established),
            (Unknown, CountTerms.NoState)),
        Dimension.Direction => Fixed(counts, where, ("outbound", terms.Of(Terms.Outbound)!), ("inbound", terms.Of(Terms.Inbound)!),
            ("internal", terms.Of(Terms.Internal)!)),
        Dimension.SourcePort => Ports(counts, where, ConnField.SourcePort),
        _ => Ports(counts, where, ConnField.DestinationPort),
    };

    /// <summary>The group of an address whichever end it is.</summary>
    public static CountGroup OfEitherEnd(CountGroup group) => group with
    {
        Term = ConnTerm.Any(ConnTerm.Is(ConnField.SourceIp, group.Key), ConnTerm.Is(ConnField.DestinationIp, group.Key)),
    };

    // Groups that are known beforehand: how many records each has.
    private static CountGroups? Fixed(CountLookup counts, ConnTerm? where, params ReadOnlySpan<(string Key, ConnTerm Term)> kinds)
    {
        List<CountGroup> groups = [];
        var isThere = true;
        foreach (var (key, term) in kinds)
        {
            var total = counts.Total(CountTerms.And(where, term));
            isThere &= total is not null;
            if (total > 0)
            {
                groups.Add(new CountGroup(key, NetAddress.None, term, total.Value));
            }
        }

        return isThere ? new CountGroups([.. InOrder(groups)], IsWhole: true, Unlisted: 0) { ListsExactly = true } : null;
    }

    private static CountGroups? Addresses(CountLookup counts, ConnTerm? where, ConnField field)
    {
        if (counts.Values(where, field) is not { } values)
        {
            return null;
        }

        // One address in two spellings is one.
        var groups = values.Values.Where(IsKnown)
            .GroupBy(value => NetAddress.TryParse(value.Key, out var address) ? address.ToString() : value.Key, StringComparer.Ordinal)
            .Select(group => new CountGroup(
                group.Key, NetAddress.TryParse(group.Key, out var address) ? address : NetAddress.None, Term(field, group),
                group.Sum(value => value.Count)));
        return Listed(values, groups);
    }

    private static CountGroups? Ports(CountLookup counts, ConnTerm? where, ConnField field)
    {
        if (counts.Values(CountTerms.And(where, CountTerms.HasPorts), field) is not { } values)
        {
            return null;
        }

        var groups = values.Values
            .Select(value => (Value: value, IsPort: int.TryParse(value.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                && port is > 0 and <= ushort.MaxValue))
            .Where(value => value.IsPort)
            .Select(value => new CountGroup(
                value.Value.Key, NetAddress.None, ConnTerm.All(ConnTerm.Is(field, value.Value.Key), CountTerms.HasPorts),
                value.Value.Count));
        return Listed(values, groups);
    }

    private static CountGroups? Names(CountLookup counts, ConnTerm? where, ConnField field, bool withUnknown)
    {
        var values = counts.Values(where, field);
        var total = withUnknown ? counts.Total(where) : 0;
        if (values is null || total is null)
        {
            return null;
        }

        var groups = values.Values.Where(IsKnown).GroupBy(value => value.Key.ToLowerInvariant(), StringComparer.Ordinal)
            .Select(group => new CountGroup(group.Key, NetAddress.None, Term(field, group), group.Sum(value => value.Count)))
            .ToList();
        if (withUnknown && total.Value - values.Other - groups.Sum(group => group.Listed) is var unknown and > 0)
        {
            groups.Add(new CountGroup(Unknown, NetAddress.None, ConnTerm.Any(
                [ConnTerm.Has(field).Not(), .. values.Values.Where(value => value.Key.Length > 0 && !IsKnown(value))
                    .Select(value => ConnTerm.Is(field, value.Key))]), unknown));
        }

        return Listed(values, groups);
    }

    // Both ends: a group is listed by one, by the other or by both.
    private static CountGroups? Ends(CountGroups? sources, CountGroups? destinations)
    {
        if (sources is null || destinations is null)
        {
            return null;
        }

        var groups = sources.Groups.Select(group => (End: group, HiddenByOther: destinations.Unlisted))
            .Concat(destinations.Groups.Select(group => (End: group, HiddenByOther: sources.Unlisted)))
            .GroupBy(one => one.End.Key, StringComparer.Ordinal)
            .Select(ends => OfEitherEnd(ends.First().End) with
            {
                Listed = ends.Sum(one => one.End.Listed),
                MayLack = ends.Sum(one => one.End.MayLack) + (ends.Count() == 1 ? ends.First().HiddenByOther : 0),
            });
        return new CountGroups([.. InOrder(groups)], sources.IsWhole && destinations.IsWhole, sources.Unlisted + destinations.Unlisted)
        {
            MayLack = sources.MayLack + destinations.MayLack,
            OfOthers = sources.OfOthers + destinations.OfOthers,
        };
    }

    private static CountGroups Listed(CountedValues values, IEnumerable<CountGroup> groups) => new(
        [.. InOrder(groups.Select(group => group with { MayLack = Math.Max(0, values.MayLack) }))],
        values.IsWhole,
        values.Other == 0 ? 0 : (values.Values.Count == 0 ? 0 : values.Values[^1].Count) + Math.Max(0, values.MayLack))
    {
        ListsExactly = values.MayLack == 0,
        MayLack = Math.Max(0, values.MayLack),
        OfOthers = values.Other,
    };

    private static IEnumerable<CountGroup> InOrder(IEnumerable<CountGroup> groups) => groups
        .OrderByDescending(group => group.Listed).ThenBy(group => group.Address).ThenBy(group => group.Port)
        .ThenBy(group => group.Key, StringComparer.Ordinal);

    // What rows take for nothing said.
    private static bool IsKnown(CountedValue value) => value.Key is not ("" or "-" or "(empty)");

    private static ConnTerm Term(ConnField field, IEnumerable<CountedValue> values) =>
        ConnTerm.Any([.. values.Select(value => ConnTerm.Is(field, value.Key))]);
}
