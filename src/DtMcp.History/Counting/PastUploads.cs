using DtMcp.Darktrace.Values;
using DtMcp.History.Schema;
using DtMcp.History.Wire;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries;

namespace DtMcp.History.Counting;

/// <summary>
/// What devices sent outside, span by span. The roll-up knows no single connections: there the connections of an hour, a pair and a port
/// are taken for one, so that a large upload among small ones may be missed, and no more than was sent is told.
/// </summary>
internal sealed class PastUploads(HistoryServer server, HistoryTables tables)
{
    private const int HourSeconds = 3_600;

    public async Task<HistoryUploads> OfAsync(HistorySelection rows, HistoryUploadsAsked asked, CancellationToken cancellationToken)
    {
        var hours = rows.Span.Hours.Where(hour => hour.EndMs < asked.UntilMs).ToList();
        if (hours.Count == 0)
        {
            return new HistoryUploads(asked.UntilMs, 0, [], new Dictionary<NetAddress, int>());
        }

        var table = CountedTable.Of(tables, hours.TrueForAll(static hour => hour.IsRolled));
        var words = new RowWords(rows, table.IsRolled);
        var back = Sql.Of(
            $"toUInt32(intDiv({(asked.UntilMs / 1_000) - 1} - toInt64(hour), {Math.Max(HourSeconds, asked.SpanMs / 1_000)}))");
        var bySource = AddressWords.In(asked.Sources, End.Source.Address);
        Sql From(Sql ends) => Sql.Of($"""
            FROM {table.Table} WHERE appliance = {rows.Span.Appliance}
            AND part IN ({hours.Select(static hour => hour.Part).ToArray()}) AND {ends} AND lacking = 0
            AND {words.Where(Terms.Outbound | Terms.Genuine)} AND {table.Sent} > 0
            """);
        var uploads = await server.ReadAsync(
            Sql.Of($"""
                SELECT 1, src, dst, {back} AS back, sum({table.Sent}) AS went, sum({table.Received}) AS came,
                toInt64(if(intDiv(went, {(long)asked.Ratio}) >= came, went, sumIf({table.Sent}, {table.Sent} >= {asked.ConnectionBytes}
                AND intDiv({table.Sent}, {(long)asked.Ratio}) >= {table.Received}))) AS upload,
                toUInt32(groupBitOr(bitShiftLeft(toUInt32(1), toUInt8(modulo(intDiv(hour, {(long)HourSeconds}), 24))))) AS at
                {From(Sql.Any([bySource, AddressWords.In(asked.Destinations, End.Destination.Address)]))}
                GROUP BY src, dst, back HAVING upload >= {asked.LeastBytes} LIMIT {asked.Most + 1L} FORMAT RowBinary
                """),
            static row =>
            {
                var (source, destination, spans) = (row.Address(), row.Address(), (int)row.U32());
                _ = (row.I64(), row.I64());
                return new HistoryUpload(source, destination, spans, row.I64(), row.U32());
            },
            cancellationToken).ConfigureAwait(false);
        if (uploads.Count > asked.Most)
        {
            throw new NotCountedException("More was sent than is told apart.");
        }

        var known = await server.ReadAsync(
            Sql.Of($"SELECT 1, src, toUInt64(uniqExact({back})) {From(bySource)} GROUP BY src FORMAT RowBinary"),
            static row => (Source: row.Address(), Spans: (int)row.U64()), cancellationToken).ConfigureAwait(false);
        return new HistoryUploads(
            hours[0].StartMs, hours.Count, uploads, known.ToDictionary(static one => one.Source, static one => one.Spans));
    }
}
