using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;
using DtMcp.History.Reading;
using DtMcp.History.Schema;
using DtMcp.History.Wire;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries.Channels;

namespace DtMcp.History.Counting;

/// <summary>
/// Groups connections by channel: the twin of <see cref="ChannelBook"/>, which does the same row by row. Tests compare both.
/// </summary>
/// <remarks>
/// All of a window in one query, whose groups go to the server's disk where they do not fit: a slow rhythm is none in a part of its hours.
/// Both ends of a connection are on one shard, so that each groups its own.
/// </remarks>
internal sealed class ChannelSums(HistoryServer server, HistoryTables tables, HoursOfEnds ends, HistoryRows rowsOf)
{
    private const long HourMs = 3_600_000;

    public async Task ReadAsync(
        HistorySelection rows, int? fewestStarts, FlowSet into, SummedChannelTaker take, CancellationToken cancellationToken)
    {
        var hours = (await ends.NarrowAsync(rows.Span, rows.Search, cancellationToken).ConfigureAwait(false)).Hours;
        if (hours.Count == 0)
        {
            return;
        }

        ulong[] parts = [.. hours.Select(static hour => hour.Part)];
        Sql[] filters = [.. new RowWords(rows, isRolled: false).Filters()];
        var where = Sql.All(
        [
            Sql.Of($"appliance = {rows.Span.Appliance}"), Sql.Of($"part IN ({parts})"), HistoryFilter.Starts(rows.Search.Window),
            .. filters,
        ]);
        await rowsOf.ReadEndsAsync(rows.Span.Appliance, parts, filters.Length == 0 ? null : where, into.Hosts, cancellationToken)
            .ConfigureAwait(false);
        var (starts, sizes) = (Starts(fewestStarts, Sql.Of($"start"), "Int64"), Starts(fewestStarts, Size, "Int32"));
        using var answer = await server.AskAsync(
            Sql.Of($"""
                SELECT 1, {HistoryRows.EndColumns}, dport, protocol, {Figures(rows.Seen)}, {starts}, {sizes} FROM {tables.Conn}
                WHERE {where} GROUP BY {HistoryRows.EndColumns}, dport, protocol ORDER BY min(start), dst, src, dport FORMAT RowBinary
                """),
            new QueryLimits { WaitsForEnd = false, Spills = true }, cancellationToken).ConfigureAwait(false);
        var reader = new RowBinaryReader(answer);
        try
        {
            var times = new List<long>();
            while (await reader.NextAsync().ConfigureAwait(false))
            {
                var channel = Channel(reader, into);
                if (into.Hosts.Count > into.MaxHosts)
                {
                    throw new NotCountedException("There are more endpoints than are kept apart.");
                }

                CollectionsMarshal.SetCount(times, 0);
                var list = await reader.NumbersAsync(sizeof(long)).ConfigureAwait(false);
                times.AddRange(MemoryMarshal.Cast<byte, long>(list.Span));
                list = await reader.NumbersAsync(sizeof(int)).ConfigureAwait(false);
                take(channel, CollectionsMarshal.AsSpan(times), MemoryMarshal.Cast<byte, int>(list.Span));
            }
        }
        finally
        {
            await answer.StopAsync().ConfigureAwait(false);
        }
    }

    private static Sql Genuine { get; } = Sql.Of($"NOT {RowWords.Artefact}");

    // Larger ones are alike where sizes are compared.
    private static Sql Size { get; } = Sql.Of($"toInt32(least(bytes, {(long)int.MaxValue}))");

    private static Sql Starts(int? fewest, Sql value, string type)
    {
        var none = Sql.Name("emptyArray" + type);
        var isOne = Sql.Of($"{Genuine} AND {RollUp.HasStart}");
        return fewest is { } least ? Sql.Of($"if(countIf({isOne}) >= {(long)least}, groupArrayIf({value}, {isOne}), {none}())")
            : Sql.Of($"{none}()");
    }

    // In the order in which they are read below.
    private static Sql Figures(FlowFields seen)
    {
        var failed = (seen & FlowFields.State) != 0 ? RowWords.Failed : Sql.Of($"bytes = 0");
        var upload = Sql.Of($"""
            {Genuine} AND sent >= {ChannelQuery.UploadConnectionBytes} AND intDiv(sent, {(long)ChannelQuery.UploadRatio}) >= bytes - sent
            """);
        const long marks = (long)(FlowTraits.MarkedExternal | FlowTraits.MarkedInternal);
        return Sql.List(
        [
            Sql.Of($"argMin(bitAnd(traits, {marks}), start)"), Sql.Of($"count()"), Sql.Of($"countIf({failed})"),
            Sql.Of($"countIf({failed} AND bytes = 0)"), Sql.Of($"countIf(NOT {failed} AND {RollUp.Answered})"),
            Sql.Of($"countIf({Genuine} AND ((sent > 0 AND bytes > sent) OR (sent < 0 AND bytes > 0 AND NOT {failed})))"),
            Sql.Of($"sumIf(bytes, {Genuine})"), Sql.Of($"sumIf(sent, {Genuine} AND sent >= 0)"),
            Sql.Of($"countIf({upload})"), Sql.Of($"sumIf(sent, {upload})"), Sql.Of($"sumIf(bytes - sent, {upload})"),
            Sql.Of($"maxIf((duration, if({Genuine}, bytes, toInt64(0))), duration >= 0)"),
            Sql.Of($"countIf({RollUp.HasStart})"), Sql.Of($"minIf(start, {RollUp.HasStart})"), Sql.Of($"max(start)"),
            Sql.Of($"maxIf(start + greatest(duration, 0), {RollUp.HasStart})"),
            Sql.Of($"""
                groupBitOr(if({RollUp.HasStart}, bitShiftLeft(toUInt64(1), toUInt8(bitAnd(intDiv(start, {HourMs}), 63))), toUInt64(0)))
                """),
        ]);
    }

    private static SummedChannel Channel(RowBinaryReader row, FlowSet into)
    {
        var (source, destination) = HistoryRows.Ends(row, into.Hosts);
        var (port, protocol) = (row.U16(), into.Protocols.GetOrAdd(row.Text()));
        var marks = (FlowTraits)row.U8();
        var channel = new Channel
        {
            Key = new ChannelKey(source, destination, port, protocol),
            Connections = Count(row),
            Failed = Count(row),
            Refused = Count(row),
            Answered = Count(row),
            TwoWay = Count(row),
            Bytes = new Darktrace.Values.Sum(row.I64()),
            BytesOut = new Darktrace.Values.Sum(row.I64()),
            Uploads = Count(row),
            UploadOut = new Darktrace.Values.Sum(row.I64()),
            UploadIn = new Darktrace.Values.Sum(row.I64()),
            LongestMs = row.I32(),
            LongestBytes = row.I64(),
        };
        var known = row.U64();
        (channel.First, channel.Last) = (row.I64(), row.I64());
        var lastEnd = row.I64();
        channel.Hours = row.U64();
        if (known == 0)
        {
            (channel.First, channel.Last) = (long.MaxValue, long.MinValue);
        }

        return new SummedChannel(channel, marks, lastEnd);
    }

    private static int Count(RowBinaryReader row) => (int)Math.Min(int.MaxValue, row.U64());
}
