using DtMcp.Darktrace.Requests.Searches;

namespace DtMcp.Traffic.Queries.Counts;

/// <summary>
/// Finds the groups with the largest sums among more than can be asked about. An appliance lists values by how many records have them, not
/// by their bytes; but it lists them as well among the records of 1,000 bytes and more, of 20,000 and more, and so on. How many of each
/// size a group has bounds its sum from above, so that those worth asking about are known, and afterwards whether any other may have more.
/// </summary>
internal sealed class HeavyGroups(CountLookup counts, CountTerms terms)
{
    /// <summary>Lists of records by size: with totals and the rows asked about, an answer takes some sixty requests.</summary>
    public const int MaxBands = 12;

    /// <summary>Below it sizes are not told apart: many small ones are a large sum seldom.</summary>
    private const double LeastBand = 1_000;

    private readonly Dictionary<string, (CountGroup Group, double Most)> _found = new(StringComparer.Ordinal);

    /// <summary>Whether sums of a measure are found so.</summary>
    public static bool Finds(Dimension by, MeasureKind kind) => Parts(by, kind).Length > 0;

    /// <summary>What a group that is in no list may have, at most.</summary>
    public double MostUnseen { get; private set; }

    /// <summary>Whether numbers are selected as they should be.</summary>
    public bool IsUnderstood { get; private set; } = true;

    /// <summary>
    /// All groups that a list has, with the most that each may have, the largest first; null where lists are not there yet.
    /// </summary>
    public IReadOnlyList<(CountGroup Group, double Most)>? Find(Dimension by, ConnTerm? where, MeasureKind kind, bool withUnknown)
    {
        var parts = Parts(by, kind);
        var isThere = true;
        List<Part> known = [];
        foreach (var (end, field) in parts)
        {
            var part = PartOf(by, end, where, field, withUnknown, MaxBands / parts.Length);
            isThere &= part is not null;
            known.AddRange(part is null ? [] : [part]);
        }

        if (!isThere)
        {
            return null;
        }

        IsUnderstood = known.TrueForAll(part => part.IsUnderstood);
        MostUnseen = known.Sum(part => part.MostOf(null));
        foreach (var group in known.SelectMany(part => part.Groups))
        {
            if (!_found.ContainsKey(group.Key))
            {
                _found[group.Key] = (by == Dimension.Device ? CountGroups.OfEitherEnd(group) : group,
                    known.Sum(part => part.MostOf(group.Key)));
            }
        }

        return [.. _found.Values.OrderByDescending(found => found.Most).ThenBy(found => found.Group.Key, StringComparer.Ordinal)];
    }

    // What a sum is made of: which end the group is, as far as it matters, and the field.
    private static (End End, ConnField Field)[] Parts(Dimension by, MeasureKind kind) => (by, kind) switch
    {
        (Dimension.Device, MeasureKind.Bytes) => [(End.Source, ConnField.OriginatorBytes), (End.Source, ConnField.ResponderBytes),
            (End.Destination, ConnField.OriginatorBytes), (End.Destination, ConnField.ResponderBytes)],
        (Dimension.Device, MeasureKind.Packets) => [(End.Source, ConnField.OriginatorPackets), (End.Source, ConnField.ResponderPackets),
            (End.Destination, ConnField.OriginatorPackets), (End.Destination, ConnField.ResponderPackets)],
        (_, MeasureKind.Bytes) => [(End.Either, ConnField.OriginatorBytes), (End.Either, ConnField.ResponderBytes)],
        (_, MeasureKind.Packets) => [(End.Either, ConnField.OriginatorPackets), (End.Either, ConnField.ResponderPackets)],
        (Dimension.Source, MeasureKind.BytesIn) or (Dimension.Destination, MeasureKind.BytesOut) =>
            [(End.Either, ConnField.ResponderBytes)],
        (Dimension.Source, MeasureKind.BytesOut) or (Dimension.Destination, MeasureKind.BytesIn) =>
            [(End.Either, ConnField.OriginatorBytes)],
        (_, MeasureKind.BytesIn) => [(End.Source, ConnField.ResponderBytes), (End.Destination, ConnField.OriginatorBytes)],
        (_, MeasureKind.BytesOut) => [(End.Source, ConnField.OriginatorBytes), (End.Destination, ConnField.ResponderBytes)],
        _ => [],
    };

    private Part? PartOf(Dimension by, End end, ConnTerm? where, ConnField field, bool withUnknown, int bands)
    {
        var records = end switch
        {
            End.Source => CountTerms.And(where, terms.NearSource),
            End.Destination => CountTerms.And(where, terms.NearDestination),
            _ => where,
        };
        var listed = by != Dimension.Device ? by : end == End.Source ? Dimension.Source : Dimension.Destination;
        var (all, sums) = (CountGroups.Of(listed, records, withUnknown, counts, terms), counts.Sums(records, field));
        if (all is null || sums is null)
        {
            return null;
        }

        var most = sums.Least < 0 ? double.PositiveInfinity : sums.Most ?? 0;
        if (most is not < long.MaxValue / 2)
        {
            return new Part([], all, double.PositiveInfinity, double.PositiveInfinity, true);
        }

        // From the largest down; the ratio is such that the last begins at the least.
        List<Band> found = [];
        var (isThere, isUnderstood) = (true, true);
        var ratio = Math.Pow(Math.Max(most / LeastBand, 1), 1.0 / bands);
        var above = (long)most + 1;
        for (var i = 1; i <= bands && above > LeastBand; i++)
        {
            var low = Math.Max((long)LeastBand, (long)Math.Ceiling(most / Math.Pow(ratio, i)));
            if (low >= above)
            {
                continue;
            }

            var sized = CountTerms.And(records, ConnTerm.Between(field, low, above - 1));
            var groups = CountGroups.Of(listed, sized, withUnknown, counts, terms);
            if (i == 1)
            {
                var check = counts.Sums(sized, field);
                isThere &= check is not null;
                isUnderstood = check is null || (check.Least >= low && check.Most == most);
            }

            isThere &= groups is not null;
            found.AddRange(groups is null ? [] : [new Band(groups, above - 1)]);
            above = low;
        }

        return isThere ? new Part(found, all, above - 1, sums.Sum, isUnderstood) : null;
    }

    private enum End
    {
        Either,
        Source,
        Destination,
    }

    /// <summary>Records of a size: no more than so much each.</summary>
    private sealed record Band(CountGroups Groups, double Most)
    {
        public Dictionary<string, long> Listed { get; } = Groups.Groups.ToDictionary(
            group => group.Key, group => group.Listed, StringComparer.Ordinal);
    }

    /// <summary>One field of the records that have the group at one end.</summary>
    private sealed class Part(List<Band> bands, CountGroups all, double mostOfRest, double sum, bool isUnderstood)
    {
        private readonly Dictionary<string, long> _all = all.Groups.ToDictionary(
            group => group.Key, group => group.Listed, StringComparer.Ordinal);

        public bool IsUnderstood => isUnderstood;

        public IEnumerable<CountGroup> Groups => bands.SelectMany(band => band.Groups.Groups).Concat(all.Groups);

        /// <summary>What a group may have at most; null is one that no list has.</summary>
        public double MostOf(string? key)
        {
            var rest = MostRecords(all, _all, key);
            var most = 0.0;
            foreach (var band in bands)
            {
                var records = MostRecords(band.Groups, band.Listed, key);
                most += records * band.Most;
                rest -= key is not null && band.Listed.TryGetValue(key, out var sure) ? sure : 0;
            }

            return Math.Min(sum, most + (Math.Max(0, rest) * mostOfRest));
        }

        private static double MostRecords(CountGroups groups, Dictionary<string, long> listed, string? key) =>
            key is not null && listed.TryGetValue(key, out var count) ? count + groups.MayLack : groups.Unlisted;
    }
}
