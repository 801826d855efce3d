using DtMcp.History.Wire;

namespace DtMcp.History.Schema;

/// <summary>
/// The tables by name: <c>conn</c> has a row a connection, <c>ends</c> what the records of a part say of each end, <c>parts</c> which part
/// of an hour counts, <c>hours</c> the figures of an hour by pair and port, <c>names</c> a row a name that was looked up or called. Over a
/// cluster <c>NAME_all</c> is the table of all shards.
/// </summary>
internal sealed class HistoryTables(HistoryOptions options)
{
    public static IReadOnlyList<string> All { get; } = ["parts", "hours", "ends", "conn", "names"];

    /// <summary>A table for a part of <c>conn</c>'s columns, in the order that rows are written in.</summary>
    public const string ConnColumns =
        "appliance, day, hour, part, start, duration, src, dst, src_name, dst_name, lacking, sport, dport, protocol, service, traits, " +
        "bytes, sent, packets";

    public const string EndsColumns = "appliance, day, hour, part, address, lacking, name, side, country, asn";

    public const string PartsColumns =
        "appliance, day, hour, part, rows, total, seen, by_insertion, missed_bytes, missed_rows, collected, rolled, " +
        "named, names, names_total, names_note";

    public const string NamesColumns =
        "appliance, day, hour, part, kind, time, src, host, told, sport, hport, name, answers, failure, agent";

    public Sql Database { get; } = Sql.Name(options.Database);

    public Sql Conn => Of("conn");

    public Sql Ends => Of("ends");

    public Sql Hours => Of("hours");

    public Sql Names => Of("names");

    public Sql Parts => Of("parts");

    /// <summary>A node's own table.</summary>
    public Sql Local(string name) => Sql.Of($"{Database}.{Sql.Name(name)}");

    /// <summary>A table of all shards; a node's own where there is no cluster.</summary>
    public Sql Of(string name) => options.Cluster is null ? Local(name) : Local(name + "_all");

    /// <summary>A table with those of its columns that rows are written in.</summary>
    public static Sql Columns(Sql table, string columns) => Sql.Of($"{table} ({Sql.List(columns.Split(", ").Select(Sql.Name))})");
}
