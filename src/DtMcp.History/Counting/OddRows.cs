using DtMcp.Darktrace.Flows;
using DtMcp.History.Reading;
using DtMcp.History.Schema;
using DtMcp.History.Wire;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries;

namespace DtMcp.History.Counting;

/// <summary>Reads the few rows whose bytes a sensor made up, which answers name.</summary>
internal sealed class OddRows(HistoryServer server, HistoryTables tables, HoursOfEnds ends)
{
    /// <summary>More are not odd any more: some ten thousand of a hundred million were seen.</summary>
    private const int Most = 200_000;

    public async Task ReadAsync(HistorySelection rows, FlowSet into, Action<FlowChunk> take, CancellationToken cancellationToken)
    {
        var hours = (await ends.NarrowAsync(rows.Span, rows.Search, cancellationToken).ConfigureAwait(false)).Hours;
        if (hours.Count == 0)
        {
            return;
        }

        var words = new RowWords(rows, isRolled: false);
        ulong[] parts = [.. hours.Select(static hour => hour.Part)];
        var where = Sql.All(
        [
            Sql.Of($"appliance = {rows.Span.Appliance}"), Sql.Of($"part IN ({parts})"), words.Where(Terms.None), RowWords.Artefact,
            HistoryFilter.Starts(rows.Search.Window), .. words.Filters(),
        ]);
        using var answer = await server.AskAsync(
            Sql.Of($"""
                SELECT 1, {HistoryRows.Columns} FROM {tables.Conn} WHERE {where} ORDER BY start, dst, src, sport, dport
                LIMIT {Most + 1L} FORMAT RowBinary
                """),
            new QueryLimits { WaitsForEnd = false }, cancellationToken).ConfigureAwait(false);
        var reader = new RowBinaryReader(answer);
        var (chunk, read) = (new FlowChunk(), 0);
        try
        {
            while (await reader.NextAsync().ConfigureAwait(false))
            {
                if (++read > Most)
                {
                    throw new NotCountedException("Too many rows have bytes that a sensor made up.");
                }

                HistoryRows.Read(reader, into, chunk);
                if (chunk.Count == FlowChunk.Capacity)
                {
                    take(chunk);
                    chunk.Count = 0;
                }
            }

            take(chunk);
        }
        finally
        {
            await answer.StopAsync().ConfigureAwait(false);
        }
    }
}
