using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.History.Collecting;
using DtMcp.History.Counting;
using DtMcp.History.Reading;
using DtMcp.History.Schema;
using DtMcp.History.Wire;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Channels;
using DtMcp.Traffic.Questions;

namespace DtMcp.History;

/// <summary>The history on ClickHouse, one node or the shards of a cluster. Nothing is sent before the first question.</summary>
internal sealed class HistoryStore : IHistory, IDisposable
{
    private readonly HistoryOptions _options;
    private readonly HistoryTables _tables;
    private readonly IReadOnlyList<HistoryServer> _nodes;
    private readonly HistoryRows _rows;
    private readonly HistoryCounts _counts;
    private readonly ChannelSums _channels;
    private readonly OddRows _oddRows;
    private readonly PastUploads _uploads;
    private readonly NameRows _names;

    /// <param name="options">The settings.</param>
    /// <param name="time">The clock of bounds and waits.</param>
    /// <param name="around">Stands around the sockets to the first node in a test.</param>
    public HistoryStore(HistoryOptions options, TimeProvider time, DelegatingHandler? around = null)
    {
        _options = options;
        _tables = new HistoryTables(options);
        _nodes = [.. options.Nodes.Select((node, i) => new HistoryServer(options, node, time, i == 0 ? around : null))];
        var ends = new HoursOfEnds(Server, _tables);
        _rows = new HistoryRows(Server, _tables, ends);
        _counts = new HistoryCounts(Server, _tables, ends);
        _channels = new ChannelSums(Server, _tables, ends, _rows, options.ChannelsAtOnce);
        _oddRows = new OddRows(Server, _tables, ends);
        _uploads = new PastUploads(Server, _tables);
        _names = new NameRows(Server, _tables);
    }

    /// <summary>The node that is asked.</summary>
    private HistoryServer Server => _nodes[0];

    /// <summary>Makes the tables where they are not there.</summary>
    public Task MigrateAsync(CancellationToken cancellationToken) => new Migrations(_options, _tables).RunAsync(_nodes, cancellationToken);

    public async Task<HistorySpan> SpanAsync(string appliance, TimeWindow window, CancellationToken cancellationToken) =>
        new(appliance, PartNotes.Counting(await NotesAsync(appliance, window, cancellationToken).ConfigureAwait(false)));

    private Task<IReadOnlyList<HistoryHour>> NotesAsync(string appliance, TimeWindow window, CancellationToken cancellationToken)
    {
        var (first, last) = (CollectPlan.HourOf(window.StartMs), CollectPlan.HourOf(window.EndMs));
        var query = Sql.Of($"""
            SELECT 1, hour, part, rows, total, seen, by_insertion, missed_bytes, missed_rows, collected, rolled, named, names,
            names_total, names_note
            FROM {_tables.Parts}
            WHERE appliance = {appliance} AND hour >= {Math.Max(0, first / 1000)} AND hour <= {Math.Max(0, last / 1000)} FORMAT RowBinary
            """);
        return Server.ReadAsync(
            query,
            static row => new HistoryHour(row.U32() * 1000L, row.U64(), (long)row.U64())
            {
                Total = (long)row.U64(),
                Seen = (FlowFields)row.U32(),
                ByInsertion = (long)row.U64(),
                MissedBytes = (long)row.U64(),
                MissedRows = (long)row.U64(),
                CollectedMs = row.I64(),
                IsRolled = row.U8() != 0,
                IsNamed = row.U8() != 0,
                Names = (long)row.U64(),
                NamesTotal = (long)row.U64(),
                NamesNote = System.Text.Encoding.UTF8.GetString(row.Text()),
            },
            cancellationToken);
    }

    public Task ReadAsync(HistorySpan span, ConnSearch search, FlowSet into, IProgress<ReadProgress>? progress,
        CancellationToken cancellationToken) => _rows.ReadAsync(span, search, into, progress, cancellationToken);

    public Task<HistorySides> SidesAsync(HistorySpan span, InternalRanges ranges, CancellationToken cancellationToken) =>
        _counts.SidesAsync(span, ranges, cancellationToken);

    public Task<IReadOnlyList<HistorySums>> SumAsync(
        HistorySelection rows, IReadOnlyList<Terms> wheres, CancellationToken cancellationToken) =>
        _counts.SumAsync(rows, wheres, cancellationToken);

    public Task GroupAsync(
        HistorySelection rows, HistoryGroups groups, HistoryGroupTaker take, CancellationToken cancellationToken) =>
        _counts.GroupAsync(rows, groups, take, cancellationToken);

    public Task SumChannelsAsync(HistorySelection rows, int? fewestStarts, FlowSet into, SummedChannelTaker take,
        CancellationToken cancellationToken) => _channels.ReadAsync(rows, fewestStarts, into, take, cancellationToken);

    public Task<IReadOnlyList<string>> ServicesAsync(HistorySelection rows, CancellationToken cancellationToken) =>
        _counts.ServicesAsync(rows, cancellationToken);

    public Task DescribeAsync(
        HistorySpan span, IReadOnlyList<NetAddress>? among, HostTable hosts, CancellationToken cancellationToken) =>
        _rows.DescribeAsync(span, among, hosts, cancellationToken);

    public Task<HistoryRecord> RecordOfAsync(HistorySelection rows, CancellationToken cancellationToken) =>
        _counts.RecordOfAsync(rows, cancellationToken);

    public Task<HistoryUploads> UploadsAsync(
        HistorySelection rows, HistoryUploadsAsked asked, CancellationToken cancellationToken) =>
        _uploads.OfAsync(rows, asked, cancellationToken);

    public Task ReadArtefactsAsync(
        HistorySelection rows, FlowSet into, Action<FlowChunk> take, CancellationToken cancellationToken) =>
        _oddRows.ReadAsync(rows, into, take, cancellationToken);

    public Task<IReadOnlyList<NameRecord>> NamesAsync(
        HistorySpan span, NameSearch search, int most, CancellationToken cancellationToken) =>
        _names.NewestAsync(span, search, most, cancellationToken);

    public Task<long> CountNamesAsync(HistorySpan span, NameSearch search, CancellationToken cancellationToken) =>
        _names.CountAsync(span, search, cancellationToken);

    public Task<IReadOnlyDictionary<string, long>> NamesOfOthersAsync(HistorySpan span, TimeWindow window, IReadOnlyList<NetAddress> than,
        IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        _names.OfOthersAsync(span, window, than, names, cancellationToken);

    /// <summary>The names of the appliances that anything is held of.</summary>
    public Task<IReadOnlyList<string>> AppliancesAsync(CancellationToken cancellationToken) => Server.ReadAsync(
        Sql.Of($"SELECT 1, appliance FROM {_tables.Parts} GROUP BY appliance ORDER BY appliance FORMAT RowBinary"),
        static row => System.Text.Encoding.UTF8.GetString(row.Text()), cancellationToken);

    /// <summary>The start of the first hour that is held of an appliance; null where none is.</summary>
    public async Task<long?> FirstAsync(string appliance, CancellationToken cancellationToken)
    {
        var first = await Server.ReadAsync(
            Sql.Of($"SELECT 1, hour FROM {_tables.Parts} WHERE appliance = {appliance} ORDER BY hour LIMIT 1 FORMAT RowBinary"),
            static row => row.U32(), cancellationToken).ConfigureAwait(false);
        return first is [var hour] ? hour * 1000L : null;
    }

    /// <summary>Bytes on disk of all nodes.</summary>
    public async Task<long> BytesAsync(CancellationToken cancellationToken)
    {
        var bytes = 0L;
        foreach (var node in _nodes)
        {
            var query = Sql.Of(
                $"SELECT 1, toUInt64(sum(bytes)) FROM system.parts WHERE database = {_options.Database} AND active FORMAT RowBinary");
            bytes += (await node.ReadAsync(query, static row => (long)row.U64(), cancellationToken).ConfigureAwait(false))[0];
        }

        return bytes;
    }

    /// <summary>A place for the rows of an hour.</summary>
    internal PartRows Part(string appliance, long hourMs, ulong number, CancellationToken cancellationToken) =>
        new(Server, _tables, appliance, hourMs, number, cancellationToken);

    /// <summary>A place for the names of an hour.</summary>
    internal PartNames NamesOf(string appliance, long hourMs, ulong number, CancellationToken cancellationToken) =>
        new(Server, _tables, _options.NamesBatch, appliance, hourMs, number, cancellationToken);

    /// <summary>Takes the names of a part over into another.</summary>
    internal async Task TakeNamesOverAsync(string appliance, ulong from, ulong to, CancellationToken cancellationToken)
    {
        foreach (var node in _nodes)
        {
            await node.RunAsync(NamesOfPart.TakeOver(_tables, appliance, from, to), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds up the rows of a part by hour, pair and port.</summary>
    internal async Task RollUpAsync(string appliance, ulong part, CancellationToken cancellationToken)
    {
        foreach (var node in _nodes)
        {
            await node.RunAsync(RollUp.Of(_tables, appliance, part), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>That all rows of a part are there, on whichever shard.</summary>
    /// <exception cref="HistoryException">Some are missing.</exception>
    internal async Task CheckAsync(string appliance, HistoryHour hour, CancellationToken cancellationToken)
    {
        foreach (var (count, table, expected) in new[]
        {
            (Sql.Of($"count()"), _tables.Conn, hour.Rows), (Sql.Of($"sum(connections)"), _tables.Hours, hour.Rows),
            (Sql.Of($"count()"), _tables.Names, hour.Names),
        })
        {
            var query = Sql.Of($"SELECT 1, {count} FROM {table} WHERE appliance = {appliance} AND part = {hour.Part} FORMAT RowBinary");
            var there = await Server.ReadAsync(query, static row => (long)row.U64(), cancellationToken).ConfigureAwait(false);
            if (there is not [var rows] || rows != expected)
            {
                throw new HistoryException("The history does not hold all rows that were put into it.", "Look into ClickHouse's log.", -1);
            }
        }
    }

    /// <summary>From now on the part counts for its hour.</summary>
    internal void Note(string appliance, HistoryHour hour, CancellationToken cancellationToken)
    {
        var row = new RowBinaryWriter();
        row.Text(appliance);
        row.Date(hour.StartMs);
        row.U32((uint)(hour.StartMs / 1000));
        row.U64(hour.Part);
        row.U64((ulong)hour.Rows);
        row.U64((ulong)hour.Total);
        row.U32((uint)hour.Seen);
        row.U64((ulong)hour.ByInsertion);
        row.U64((ulong)hour.MissedBytes);
        row.U64((ulong)hour.MissedRows);
        row.I64(hour.CollectedMs);
        row.U8(hour.IsRolled ? (byte)1 : (byte)0);
        row.U8(hour.IsNamed ? (byte)1 : (byte)0);
        row.U64((ulong)hour.Names);
        row.U64((ulong)hour.NamesTotal);
        row.Text(hour.NamesNote);
        Server.Insert(HistoryTables.Columns(_tables.Parts, HistoryTables.PartsColumns), row.Rows, cancellationToken);
    }

    /// <summary>Removes rows that no part counts any more, and days that are older than is kept.</summary>
    /// <param name="appliance">Whose rows.</param>
    /// <param name="grace">Who began so long ago, to collect or to read, is not waited for.</param>
    /// <param name="now">Now, by the appliance's clock.</param>
    /// <param name="cancellationToken">Stops it; the rest goes the next time.</param>
    internal async Task SweepAsync(string appliance, TimeSpan grace, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (nowMs, since) = (now.ToUnixTimeMilliseconds(), (now - grace).ToUnixTimeMilliseconds());
        var notes = await NotesAsync(appliance, new TimeWindow(nowMs - Sweep.LongestMs, nowMs), cancellationToken).ConfigureAwait(false);
        await new Sweep(_options, _tables, _nodes).RunAsync(
            appliance, PartNotes.Read(notes, since), PartNumber.At(since, 0), now, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }
    }
}
