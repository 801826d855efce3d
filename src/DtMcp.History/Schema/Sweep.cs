using DtMcp.History.Wire;

namespace DtMcp.History.Schema;

/// <summary>Removes what nobody reads: parts that were replaced or broken off, and days beyond those that are kept.</summary>
internal sealed class Sweep(HistoryOptions options, HistoryTables tables, IReadOnlyList<HistoryServer> nodes)
{
    /// <summary>Longer windows than this are not asked at all, so that no hour is older.</summary>
    public const long LongestMs = 400L * 86_400_000;

    /// <param name="appliance">Whose rows.</param>
    /// <param name="read">Parts that count, or may still be read.</param>
    /// <param name="before">A part with this number or a later one may still be written.</param>
    /// <param name="now">Now.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(
        string appliance, IReadOnlySet<ulong> read, ulong before, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var first = now.AddDays(-options.Days);
        foreach (var node in nodes)
        {
            foreach (var table in HistoryTables.All)
            {
                await DropAsync(node, table, first, cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (var node in nodes)
        {
            foreach (var table in new[] { "hours", "ends", "conn", "names" })
            {
                var there = await node.ReadAsync(
                    Sql.Of($"""
                        SELECT 1, part FROM {tables.Local(table)} WHERE appliance = {appliance} AND part < {before} GROUP BY part
                        FORMAT RowBinary
                        """),
                    static row => row.U64(), cancellationToken).ConfigureAwait(false);
                ulong[] stale = [.. there.Where(part => !read.Contains(part))];
                if (stale.Length > 0)
                {
                    await node.RunAsync(
                        Sql.Of($"ALTER TABLE {tables.Local(table)} DELETE WHERE appliance = {appliance} AND part IN ({stale})"),
                        cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    // Which part counts goes first: then nobody reads the rest.
    private async Task DropAsync(HistoryServer node, string table, DateTimeOffset first, CancellationToken cancellationToken)
    {
        var oldest = first.UtcDateTime.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);
        var days = await node.ReadAsync(
            Sql.Of($"""
                SELECT 1, partition_id FROM system.parts WHERE database = {options.Database} AND table = {table} AND active
                AND partition_id < {oldest} GROUP BY partition_id FORMAT RowBinary
                """),
            static row => System.Text.Encoding.ASCII.GetString(row.Text()), cancellationToken).ConfigureAwait(false);
        foreach (var day in days)
        {
            await node.RunAsync(Sql.Of($"ALTER TABLE {tables.Local(table)} DROP PARTITION ID {day}"), cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
