using DtMcp.History.Wire;

namespace DtMcp.History.Schema;

/// <summary>
/// Fills the roll-up of a part: a row an hour, a pair of ends, a destination port, and whatever else questions tell apart. Written with the
/// part and under its number, so that it counts with it or not at all.
/// </summary>
internal static class RollUp
{
    /// <summary>Whether bytes came, or three packets: what a connection that did not fail has to have to count as answered.</summary>
    public static Sql Answered { get; } = Sql.Of($"(bytes > 0 OR packets = 0 OR packets >= 3)");

    /// <summary>Whether a row tells its bytes by direction.</summary>
    public static Sql KnowsSent { get; } = Sql.Of($"(sent >= 0 AND bytes >= sent)");

    /// <summary>Whether a row tells when it began; one that does not has the least number that there is.</summary>
    public static Sql HasStart { get; } = Sql.Of($"(start > {long.MinValue / 2})");

    /// <summary>To be run on each node, for the rows that it has: both ends of a connection are on one.</summary>
    public static Sql Of(HistoryTables tables, string appliance, ulong part) => Sql.Of($"""
        INSERT INTO {tables.Local("hours")} (appliance, day, hour, part, src, dst, src_name, dst_name, lacking, sides, dport, protocol,
        service, traits, answered, connections, bytes, packets, sent, received, start, last)
        SELECT appliance, day, hour, part, src, dst, src_name, dst_name, lacking, sides, dport, protocol, service, traits,
        {Answered} AS is_answered, count(), sum(bytes), sum(packets), sumIf(sent, {KnowsSent}), sumIf(bytes - sent, {KnowsSent}),
        min(start), max(start) FROM {tables.Local("conn")} WHERE appliance = {appliance} AND part = {part}
        GROUP BY appliance, day, hour, part, src, dst, src_name, dst_name, lacking, sides, dport, protocol, service, traits, is_answered,
        {HasStart}
        """);
}
