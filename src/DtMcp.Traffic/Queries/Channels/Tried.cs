namespace DtMcp.Traffic.Queries.Channels;

/// <summary>Hosts or ports tried, and of those that failed the sums: what worked is ordinary use of the same port.</summary>
internal readonly record struct Tried(long Count, long Failed, long Connections, long Bytes, long BytesOut, long First, long Last)
{
    public static void Add<TKey>(Dictionary<TKey, Tried> all, TKey key, in Channel channel)
        where TKey : notnull
    {
        var known = all.TryGetValue(key, out var before) ? before : new Tried(0, 0, 0, 0, 0, long.MaxValue, long.MinValue);
        known = known with { Count = known.Count + 1 };
        all[key] = channel.Failed < channel.Connections ? known : known with
        {
            Failed = known.Failed + 1,
            Connections = known.Connections + channel.Connections,
            Bytes = known.Bytes + channel.Bytes,
            BytesOut = known.BytesOut + channel.BytesOut,
            First = Math.Min(known.First, channel.First),
            Last = Math.Max(known.Last, channel.Last),
        };
    }
}
