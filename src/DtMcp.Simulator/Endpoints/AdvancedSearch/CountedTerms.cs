namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// The commonest values of a field, as an index of two shards (one a probe) makes them out: each shard names its own commonest, so that a
/// value may be told with fewer entries than it has. By how many at most is the error bound.
/// </summary>
/// <param name="Buckets">Largest first; ties by key.</param>
/// <param name="Other">Entries whose value is not among them.</param>
/// <param name="Error">What a count may be short by, at most.</param>
/// <param name="IsNumber">Whether keys are numbers.</param>
internal sealed record CountedTerms(IReadOnlyList<(string Key, int Count)> Buckets, long Other, long Error, bool IsNumber)
{
    public static CountedTerms Of(IEntries entries, RowBits selected, string field, int listed)
    {
        if (entries.Values(field) is not { } values)
        {
            return new([], 0, 0, IsNumber: false);
        }

        var second = entries.OfSecondProbe;
        var counts = new[] { new int[values.Count], new int[values.Count] };
        var withValue = 0L;
        foreach (var row in selected)
        {
            if (values.Of(row) is var id && id >= 0)
            {
                counts[second.Contains(row) ? 1 : 0][id]++;
                withValue++;
            }
        }

        // As many as an index asks of each shard.
        var ofShard = listed + (listed / 2) + 10;
        Dictionary<int, int> sums = [];
        var error = 0L;
        foreach (var shard in counts)
        {
            var ids = Enumerable.Range(0, shard.Length).Where(id => shard[id] > 0).ToArray();
            Array.Sort(ids, (a, b) => shard[b] != shard[a] ? shard[b].CompareTo(shard[a]) : a.CompareTo(b));
            foreach (var id in ids.Take(ofShard))
            {
                sums[id] = sums.GetValueOrDefault(id) + shard[id];
            }

            error += ids.Length > ofShard ? shard[ids[ofShard - 1]] : 0;
        }

        var buckets = sums.Select(pair => (Key: values.Text(pair.Key), Count: pair.Value, Id: pair.Key))
            .OrderByDescending(bucket => bucket.Count)
            .ThenBy(bucket => values.IsNumber ? bucket.Id : 0).ThenBy(bucket => bucket.Key, StringComparer.Ordinal)
            .Take(listed).Select(bucket => (bucket.Key, bucket.Count)).ToList();
        return new(buckets, withValue - buckets.Sum(bucket => (long)bucket.Count), error, values.IsNumber);
    }
}
