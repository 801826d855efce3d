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
            .. HistoryTables.Names.Select(AcrossShards).OfType<Sql>(),
        ],
    ];

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
            "conn" => Sql.Of($"cityHash64(src, dst)"),
            "ends" => Sql.Of($"cityHash64(address)"),
            _ => Sql.Of($"hour"),
        };
        return Sql.Of($"""
            CREATE TABLE IF NOT EXISTS {tables.Of(name)} AS {tables.Local(name)}
            ENGINE = Distributed({Sql.Name(cluster)}, {tables.Database}, {Sql.Name(name)}, {by})
            """);
    }
}
