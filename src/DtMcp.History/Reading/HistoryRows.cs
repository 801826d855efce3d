using System.Text;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.History.Schema;
using DtMcp.History.Wire;
using DtMcp.Traffic.Evidence.Collected;

namespace DtMcp.History.Reading;

/// <summary>
/// Reads rows back into the columns that they were collected from: some hours at a time, in order of time, so that the server sorts a
/// bounded number at once.
/// </summary>
internal sealed class HistoryRows(HistoryServer server, HistoryTables tables, HoursOfEnds ends)
{
    /// <summary>Rows that are sorted at once: some 200 MB on the server. An hour with more is sorted alone.</summary>
    private const long AtOnce = 2_000_000;

    public async Task ReadAsync(HistorySpan span, ConnSearch search, FlowSet into, IProgress<ReadProgress>? progress,
        CancellationToken cancellationToken)
    {
        into.HasServices = true;
        var all = (await ends.NarrowAsync(span, search, cancellationToken).ConfigureAwait(false)).Hours;
        var (done, groups) = (0, (await AreFewAsync(span.Appliance, all, search, cancellationToken).ConfigureAwait(false)
            ? [all] : Groups(all)).ToList());
        into.Seen |= span.Within(search.Window).Hours.Aggregate(FlowFields.None, static (seen, hour) => seen | hour.Seen);
        foreach (var hours in groups)
        {
            await ReadAsync(span.Appliance, hours, search, into, cancellationToken).ConfigureAwait(false);
            progress?.Report(new ReadProgress(into.Count, 0) { Parts = groups.Count, PartsDone = ++done });
        }
    }

    // Each group goes through the connections three times: what filters leave little of is read in one.
    private async Task<bool> AreFewAsync(
        string appliance, IReadOnlyList<HistoryHour> hours, ConnSearch search, CancellationToken cancellationToken) =>
        hours.Count > 0 && hours.Sum(static hour => hour.Rows) > AtOnce && HistoryFilter.Of(search).Count > 0
        && await server.ReadAsync(
            Sql.Of($"SELECT 1, count() FROM {tables.Conn} WHERE {Where(appliance, hours, search)} FORMAT RowBinary"),
            static row => row.U64(), cancellationToken).ConfigureAwait(false) is [<= AtOnce];

    private static Sql Where(string appliance, IReadOnlyList<HistoryHour> hours, ConnSearch search)
    {
        ulong[] parts = [.. hours.Select(static hour => hour.Part)];
        return Sql.All(
        [
            Sql.Of($"appliance = {appliance}"), Sql.Of($"part IN ({parts})"), .. Starts(hours, search.Window), .. HistoryFilter.Of(search),
        ]);
    }

    private async Task ReadAsync(string appliance, IReadOnlyList<HistoryHour> hours, ConnSearch search, FlowSet into,
        CancellationToken cancellationToken)
    {
        ulong[] parts = [.. hours.Select(static hour => hour.Part)];
        var where = Where(appliance, hours, search);
        await ReadEndsAsync(appliance, parts, HistoryFilter.Of(search).Count == 0 ? null : where, into.Hosts, cancellationToken)
            .ConfigureAwait(false);
        using var answer = await server.AskAsync(
            Sql.Of($"""
                SELECT 1, {Columns} FROM {tables.Conn} WHERE {where} ORDER BY start, dst, src, sport, dport FORMAT RowBinary
                """),
            new QueryLimits { WaitsForEnd = false }, cancellationToken).ConfigureAwait(false);
        var reader = new RowBinaryReader(answer);
        var chunk = into.Rent();
        try
        {
            while (await reader.NextAsync().ConfigureAwait(false))
            {
                Read(reader, into, chunk);
                if (chunk.Count == FlowChunk.Capacity)
                {
                    into.Accept(chunk);
                    chunk = into.Rent();
                }
            }

            into.Accept(chunk);
        }
        finally
        {
            await answer.StopAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The columns that <see cref="Ends"/> takes, in order.</summary>
    public static Sql EndColumns { get; } = Sql.Of($"src, dst, src_name, dst_name, lacking");

    /// <summary>The columns that <see cref="Read(RowBinaryReader, FlowSet, FlowChunk)"/> takes, in order.</summary>
    public static Sql Columns { get; } = Sql.Of(
        $"start, duration, {EndColumns}, sport, dport, protocol, service, traits, bytes, sent, packets");

    /// <summary>The source and the destination of a row.</summary>
    public static (int Source, int Destination) Ends(RowBinaryReader row, HostTable hosts)
    {
        var (source, destination) = (row.Address(), row.Address());
        var (sourceName, destinationName) = (NameOf(row.Text()), NameOf(row.Text()));
        var lacking = row.U8();
        return (Id(hosts, source, (lacking & 1) != 0, sourceName), Id(hosts, destination, (lacking & 2) != 0, destinationName));
    }

    /// <summary>Adds a row to a chunk.</summary>
    public static void Read(RowBinaryReader row, FlowSet into, FlowChunk chunk)
    {
        var i = chunk.Count;
        chunk.SetStart(i, row.I64());
        chunk.Duration[i] = row.I32();
        (chunk.Source[i], chunk.Destination[i]) = Ends(row, into.Hosts);
        chunk.SourcePort[i] = row.U16();
        chunk.DestinationPort[i] = row.U16();
        chunk.Protocol[i] = into.Protocols.GetOrAdd(row.Text());
        chunk.ApplicationProtocol[i] = into.ApplicationProtocols.GetOrAdd(row.Text());
        chunk.Traits[i] = (FlowTraits)row.U8();
        chunk.Bytes[i] = row.I64();
        chunk.SetBytesOut(i, row.I64());
        chunk.Packets[i] = row.I64();
        chunk.Count = i + 1;
    }

    /// <summary>Tells endpoints that are there what records say of them.</summary>
    public Task DescribeAsync(
        HistorySpan span, IReadOnlyList<NetAddress>? among, HostTable hosts, CancellationToken cancellationToken) =>
        span.Hours.Count == 0 || among is { Count: 0 } ? Task.CompletedTask : ReadEndsAsync(
            span.Appliance, [.. span.Hours.Select(static hour => hour.Part)],
            among is null ? Sql.All([]) : AddressWords.In(among, Sql.Name("address")),
            (address, isLacking, name) => isLacking ? Id(hosts, address, true, name) : hosts.TryGet(address, out var id) ? id : -1,
            hosts, cancellationToken);

    /// <summary>Adds the ends of rows of which records say anything; those of all rows of the hours where no condition is given.</summary>
    public Task ReadEndsAsync(string appliance, ulong[] parts, Sql? rows, HostTable hosts, CancellationToken cancellationToken) =>
        ReadEndsAsync(
            appliance, parts,
            rows is null
                ? Sql.All([])
                : Sql.Of($"address GLOBAL IN (SELECT arrayJoin([src, dst]) FROM {tables.Conn} WHERE {rows})"),
            (address, isLacking, name) => Id(hosts, address, isLacking, name), hosts, cancellationToken);

    // What was said of an end first stands, as where records are read.
    private async Task ReadEndsAsync(string appliance, ulong[] parts, Sql among, Func<NetAddress, bool, string?, int> idOf, HostTable hosts,
        CancellationToken cancellationToken)
    {
        using var answer = await server.AskAsync(
            Sql.Of($"""
                SELECT 1, address, lacking, name, side, country, asn FROM {tables.Ends}
                WHERE appliance = {appliance} AND part IN ({parts}) AND (side > 0 OR country != '' OR asn != '') AND {among}
                GROUP BY address, lacking, name, side, country, asn ORDER BY min(hour) FORMAT RowBinary
                """),
            new QueryLimits { WaitsForEnd = false }, cancellationToken).ConfigureAwait(false);
        var reader = new RowBinaryReader(answer);
        try
        {
            while (await reader.NextAsync().ConfigureAwait(false))
            {
                var id = idOf(reader.Address(), reader.U8() != 0, NameOf(reader.Text()));
                var side = reader.U8();
                var (country, asn) = (NameOf(reader.Text()), NameOf(reader.Text()));
                if (id < 0)
                {
                    continue;
                }

                if (side != 0)
                {
                    hosts.NoteSide(id, side == 1);
                }

                if (country is not null || asn is not null)
                {
                    hosts.Describe(id, new HostDetails { Country = country, Asn = asn });
                }
            }
        }
        finally
        {
            await answer.StopAsync().ConfigureAwait(false);
        }
    }

    private static int Id(HostTable hosts, NetAddress address, bool isLacking, string? name) =>
        hosts.GetOrAdd(isLacking ? NetAddress.None : address, HostTable.NoDid, isLacking ? name : null);

    private static string? NameOf(ReadOnlySpan<byte> text) => text.IsEmpty ? null : Encoding.UTF8.GetString(text);

    // The whole hours need no look at the start.
    private static IEnumerable<Sql> Starts(IReadOnlyList<HistoryHour> hours, TimeWindow window)
    {
        if (hours[0].StartMs < window.StartMs || hours[^1].EndMs > window.EndMs)
        {
            yield return HistoryFilter.Starts(window);
        }
    }

    private static IEnumerable<IReadOnlyList<HistoryHour>> Groups(IReadOnlyList<HistoryHour> hours)
    {
        List<HistoryHour> group = [];
        var rows = 0L;
        foreach (var hour in hours)
        {
            if (group.Count > 0 && rows + hour.Rows > AtOnce)
            {
                yield return group;
                (group, rows) = ([], 0);
            }

            group.Add(hour);
            rows += hour.Rows;
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }
}
