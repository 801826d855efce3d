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
/// A slow rhythm is none in a part of a window's hours. A long window is divided by its channels instead, so that each query ends in its
/// time; groups that do not fit the memory go to the server's disk. Both ends of a connection are on one shard: each groups its own.
/// </remarks>
/// <param name="server">What is asked.</param>
/// <param name="tables">Its tables.</param>
/// <param name="ends">Finds the hours of an address.</param>
/// <param name="rowsOf">Reads what is known of ends.</param>
/// <param name="atOnce">Rows that one query groups.</param>
internal sealed class ChannelSums(HistoryServer server, HistoryTables tables, HoursOfEnds ends, HistoryRows rowsOf, long atOnce)
{
    private const long HourMs = 3_600_000;
    private const long SizeBits = 31;

    public async Task ReadAsync(
        HistorySelection rows, int? fewestStarts, FlowSet into, SummedChannelTaker take, CancellationToken cancellationToken)
    {
        if (rows.Search.Window.LengthMs > uint.MaxValue)
        {
            throw new NotCountedException("Starts of more than 49 days do not fit beside their sizes.");
        }

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
        var divisions = 1 + ((hours.Sum(static hour => hour.Rows) - 1) / atOnce);
        for (var division = 0L; division < divisions; division++)
        {
            // Shards take the lowest digit of the same hash.
            var those = divisions == 1 ? where
                : Sql.All([where, Sql.Of($"modulo(intDiv(cityHash64(src, dst), 65536), {divisions}) = {division}")]);
            await ReadAsync(rows, those, fewestStarts, into, take, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(HistorySelection rows, Sql where, int? fewestStarts, FlowSet into, SummedChannelTaker take,
        CancellationToken cancellationToken)
    {
        var from = rows.Search.Window.StartMs;
        using var answer = await server.AskAsync(
            Sql.Of($"""
                SELECT 1, {HistoryRows.EndColumns}, dport, protocol, {Figures(rows.Seen)}, {Starts(fewestStarts, from)} FROM {tables.Conn}
                WHERE {where} GROUP BY {HistoryRows.EndColumns}, dport, protocol FORMAT RowBinary
                """),
            new QueryLimits { WaitsForEnd = false, Spills = true }, cancellationToken).ConfigureAwait(false);
        var reader = new RowBinaryReader(answer);
        try
        {
            var (times, sizes) = (new List<long>(), new List<int>());
            while (await reader.NextAsync().ConfigureAwait(false))
            {
                var channel = Channel(reader, into);
                if (into.Hosts.Count > into.MaxHosts)
                {
                    throw new NotCountedException("There are more endpoints than are kept apart.");
                }

                Unpack(await reader.NumbersAsync(sizeof(ulong)).ConfigureAwait(false), from, times, sizes);
                take(channel, CollectionsMarshal.AsSpan(times), CollectionsMarshal.AsSpan(sizes));
            }
        }
        finally
        {
            await answer.StopAsync().ConfigureAwait(false);
        }
    }

    private static Sql Genuine { get; } = Sql.Of($"NOT {RowWords.Artefact}");

    // Milliseconds since the window began, and the size, in one number: a list is what takes most of the server's memory. Larger sizes are
    // alike where they are compared.
    private static Sql Starts(int? fewest, long from)
    {
        var isOne = Sql.Of($"{Genuine} AND {RollUp.HasStart}");
        var one = Sql.Of($"bitOr(bitShiftLeft(toUInt64(start - {from}), {SizeBits}), toUInt64(least(bytes, {(long)int.MaxValue})))");
        return fewest is { } least ? Sql.Of($"if(countIf({isOne}) >= {(long)least}, groupArrayIf({one}, {isOne}), emptyArrayUInt64())")
            : Sql.Of($"emptyArrayUInt64()");
    }

    private static void Unpack(ReadOnlyMemory<byte> list, long from, List<long> starts, List<int> sizes)
    {
        var packed = MemoryMarshal.Cast<byte, ulong>(list.Span);
        CollectionsMarshal.SetCount(starts, packed.Length);
        CollectionsMarshal.SetCount(sizes, packed.Length);
        for (var i = 0; i < packed.Length; i++)
        {
            (starts[i], sizes[i]) = (from + (long)(packed[i] >> (int)SizeBits), (int)(packed[i] & int.MaxValue));
        }
    }

    private static Sql Carried { get; } = Sql.Of($"if({Genuine}, bytes, toInt64(0))");

    // By duration, then by size up to 8 GB, in one number: a pair would be compared as a pair, which takes much longer.
    private static Sql Longest { get; } = Sql.Of($"bitOr(bitShiftLeft(toUInt64(duration), 33), toUInt64(least({Carried}, 8589934591)))");

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
            Sql.Of($"argMin(bitAnd(traits, {marks}), start)"), Sql.Of($"max({RowWords.Artefact})"),
            Count(Sql.Of($"1")), Count(failed), Count(Sql.Of($"{failed} AND bytes = 0")),
            Count(Sql.Of($"NOT {failed} AND {RollUp.Answered}")),
            Count(Sql.Of($"{Genuine} AND ((sent > 0 AND bytes > sent) OR (sent < 0 AND bytes > 0 AND NOT {failed}))")),
            Sql.Of($"sumIf(bytes, {Genuine})"), Sql.Of($"sumIf(sent, {Genuine} AND sent >= 0)"),
            Count(upload), Sql.Of($"sumIf(sent, {upload})"), Sql.Of($"sumIf(bytes - sent, {upload})"),
            Sql.Of($"greatest(max(duration), 0)"), Sql.Of($"argMaxIf({Carried}, {Longest}, duration >= 0)"),
            Count(RollUp.HasStart), Sql.Of($"minIf(start, {RollUp.HasStart})"), Sql.Of($"max(start)"),
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
        var (marks, hasArtefacts) = ((FlowTraits)row.U8(), row.U8() != 0);
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
        var known = Count(row);
        (channel.First, channel.Last) = (row.I64(), row.I64());
        var lastEnd = row.I64();
        channel.Hours = row.U64();
        if (known == 0)
        {
            (channel.First, channel.Last) = (long.MaxValue, long.MinValue);
        }

        return new SummedChannel(channel, marks, lastEnd, hasArtefacts);
    }

    // Of 64 bits each they would be a fifth of what is sent.
    private static Sql Count(Sql condition) => Sql.Of($"toUInt32(countIf({condition}))");

    private static int Count(RowBinaryReader row) => (int)Math.Min(int.MaxValue, row.U32());
}
