using DtMcp.History.Wire;

namespace DtMcp.History.Schema;

/// <summary>
/// Makes the tables, and changes those of an earlier version, step by step on each node. A step that was broken off is done again: each can
/// be repeated.
/// </summary>
/// <remarks>
/// What servers of 2018 lack is not used: codecs of columns, TTL (days are dropped as partitions instead), LowCardinality (there it is an
/// experiment; words stand as text, which compresses well in this order). Times are milliseconds in Int64, as everywhere here.
/// </remarks>
internal sealed class Migrations(HistoryOptions options, HistoryTables tables)
{
    /// <summary>Rows of an index entry: an hour is read with few rows of its neighbours.</summary>
    private static readonly Sql Settings = Sql.Of($"SETTINGS index_granularity = 4096");

    private static readonly string[] FirstNames = ["parts", "ends", "conn"];

    // An hour is found by the index. Within it by destination, source and time: what stands together is alike, and takes little room.
    private IReadOnlyList<IReadOnlyList<Sql>> Steps =>
    [
        [
            Sql.Of($"""
                CREATE TABLE IF NOT EXISTS {tables.Local("conn")} (
                appliance String, day Date, hour UInt32, part UInt64, start Int64, duration Int32, src FixedString(16), dst FixedString(16),
                src_name String, dst_name String, lacking UInt8, sport UInt16, dport UInt16, protocol String, service String, traits UInt8,
                bytes Int64, sent Int64, packets Int64)
                ENGINE = MergeTree PARTITION BY day ORDER BY (appliance, part, dst, src, start) {Settings}
                """),
            Sql.Of($"""
                CREATE TABLE IF NOT EXISTS {tables.Local("ends")} (
                appliance String, day Date, hour UInt32, part UInt64, address FixedString(16), lacking UInt8, name String, side UInt8,
                country String, asn String)
                ENGINE = MergeTree PARTITION BY day ORDER BY (appliance, part, address) {Settings}
                """),
            Sql.Of($"""
                CREATE TABLE IF NOT EXISTS {tables.Local("parts")} (
                appliance String, day Date, hour UInt32, part UInt64, rows UInt64, total UInt64, seen UInt32, by_insertion UInt64,
                missed_bytes UInt64, missed_rows UInt64, collected Int64)
                ENGINE = MergeTree PARTITION BY day ORDER BY (appliance, hour, part) {Settings}
                """),
            .. FirstNames.Select(AcrossShards).OfType<Sql>(),
        ],
        [
            Sql.Of($"""
                CREATE TABLE IF NOT EXISTS {tables.Local("hours")} (
                appliance String, day Date, hour UInt32, part UInt64, src FixedString(16), dst FixedString(16), src_name String,
                dst_name String, lacking UInt8, sides UInt8, dport UInt16, protocol String, service String, traits UInt8, answered UInt8,
                connections UInt64, bytes Int64, packets Int64, sent Int64, received Int64, start Int64, last Int64)
                ENGINE = MergeTree PARTITION BY day ORDER BY (appliance, part, dst, src, dport) {Settings}
                """),
            .. new[] { AcrossShards("hours") }.OfType<Sql>(),
        ],
        [
            Sql.Of($"""
                CREATE TABLE IF NOT EXISTS {tables.Local("names")} (
                appliance String, day Date, hour UInt32, part UInt64, kind UInt8, time Int64, src FixedString(16), host FixedString(16),
                told UInt8, sport UInt16, hport UInt16, name String, answers Array(FixedString(16)), failure String, agent String)
                ENGINE = MergeTree PARTITION BY day ORDER BY (appliance, part, kind, name, src, time) {Settings}
                """),
            .. new[] { AcrossShards("names") }.OfType<Sql>(),
        ],
    ];

    // Columns that came later: servers of 2018 cannot be told to add one only where it is not there.
    private IEnumerable<(string Table, string Column, Sql Type)> Columns() =>
        from column in new[]
        {
            (Table: "conn", Name: "sides", Type: Sql.Of($"UInt8 DEFAULT {SidesOfRow.Words}")),
            (Table: "parts", Name: "rolled", Type: Sql.Of($"UInt8 DEFAULT 0")),
            (Table: "parts", Name: "named", Type: Sql.Of($"UInt8 DEFAULT 0")),
            (Table: "parts", Name: "names", Type: Sql.Of($"UInt64 DEFAULT 0")),
            (Table: "parts", Name: "names_total", Type: Sql.Of($"UInt64 DEFAULT 0")),
            (Table: "parts", Name: "names_note", Type: Sql.Of($"String DEFAULT ''")),
        }
        from table in options.Cluster is null ? new[] { column.Table } : [column.Table, column.Table + "_all"]
        select (table, column.Name, column.Type);

    private async Task AddColumnsAsync(HistoryServer node, CancellationToken cancellationToken)
    {
        foreach (var (table, column, type) in Columns())
        {
            var there = await node.ReadAsync(
                Sql.Of($"""
                    SELECT 1, name FROM system.columns WHERE database = {options.Database} AND table = {table} AND name = {column}
                    FORMAT RowBinary
                    """),
                static row => row.Text().Length, cancellationToken).ConfigureAwait(false);
            if (there.Count == 0)
            {
                await node.RunAsync(Sql.Of($"ALTER TABLE {tables.Local(table)} ADD COLUMN {Sql.Name(column)} {type}"), cancellationToken)
                    .ConfigureAwait(false);
            }
        }
    }

    public async Task RunAsync(IReadOnlyList<HistoryServer> nodes, CancellationToken cancellationToken)
    {
        foreach (var node in nodes)
        {
            await node.RunAsync(Sql.Of($"CREATE DATABASE IF NOT EXISTS {tables.Database}"), cancellationToken).ConfigureAwait(false);
            await node.RunAsync(Sql.Of($"""
                CREATE TABLE IF NOT EXISTS {tables.Local("migrations")} (day Date, version UInt32)
                ENGINE = MergeTree PARTITION BY tuple() ORDER BY version
                """), cancellationToken).ConfigureAwait(false);
            var done = await node.ReadAsync(
                Sql.Of($"SELECT 1, max(version) FROM {tables.Local("migrations")} FORMAT RowBinary"), static row => row.U32(),
                cancellationToken).ConfigureAwait(false);
            for (var version = done is [var last] ? (int)last : 0; version < Steps.Count; version++)
            {
                foreach (var statement in Steps[version])
                {
                    await node.RunAsync(statement, cancellationToken).ConfigureAwait(false);
                }

                if (version > 0)
                {
                    await AddColumnsAsync(node, cancellationToken).ConfigureAwait(false);
                }

                var noted = new RowBinaryWriter();
                noted.Date(0);
                noted.U32((uint)version + 1);
                node.Insert(tables.Local("migrations"), noted.Rows, cancellationToken);
            }
        }
    }

    // Both ends together: what is asked of a pair is on one shard.
    private Sql? AcrossShards(string name)
    {
        if (options.Cluster is not { } cluster)
        {
            return null;
        }

        var by = name switch
        {
            "conn" or "hours" => Sql.Of($"cityHash64(src, dst)"),
            "ends" => Sql.Of($"cityHash64(address)"),
            "names" => Sql.Of($"cityHash64(name)"),
            _ => Sql.Of($"hour"),
        };
        return Sql.Of($"""
            CREATE TABLE IF NOT EXISTS {tables.Of(name)} AS {tables.Local(name)}
            ENGINE = Distributed({Sql.Name(cluster)}, {tables.Database}, {Sql.Name(name)}, {by})
            """);
    }
}
