using System.Globalization;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Rows;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// <c>get_network_traffic</c>: the rows themselves, in the order asked, a page at a time, and totals over all of them. A heap holds no more
/// rows than are passed over and shown.
/// </summary>
internal sealed class RawTraffic : IAnalysis
{
    /// <summary>Rows passed over and shown are held while reading, <see cref="BytesOfRow"/> each.</summary>
    public const long DeepestRow = 1_000_000;

    /// <summary>A row in the heap, which may have grown to twice what it holds.</summary>
    public const long BytesOfRow = 144;

    private static readonly string[] Columns =
    [
        "start", "source", "source_did", "source_hostname", "source_port", "destination", "destination_did", "destination_hostname",
        "destination_port", "protocol", "applicationprotocol", "bytes", "bytes_out", "bytes_in", "packets", "seconds", "state", "direction",
    ];

    private readonly PriorityQueue<Row, Rank> _heap;
    private readonly long _wanted;
    private readonly RowSort _sort;
    private readonly Sides _sides;
    private readonly RowCaveats _caveats;
    private Counting.Measure _all;
    private long _sequence;

    // By what the last row is sorted, once as many rows are held as are wanted: one that comes later must be beyond it.
    private long? _last;

    public RawTraffic(AnalysisSettings settings)
    {
        Settings = settings;
        _sides = new Sides(settings.Internal);
        _caveats = new RowCaveats(_sides);
        _sort = settings.Sort ?? new RowSort(SortColumn.Start);
        _heap = new PriorityQueue<Row, Rank>(Comparer<Rank>.Create((a, b) => Compare(b, a)));
        _wanted = new Sum(settings.Offset) + settings.Limit;
        if (_wanted > DeepestRow)
        {
            throw new ApplianceException(
                ApplianceError.InvalidArgument,
                string.Create(CultureInfo.InvariantCulture, $"Row {_wanted} is deeper than rows are listed ({DeepestRow})."),
                "Ask a shorter window or a filter, or sort the other way round.");
        }
    }

    private AnalysisSettings Settings { get; }

    public Findings Finish(FlowSet flows)
    {
        // The last comes first: those passed over stay in the heap.
        var page = new Row[Math.Max(0, _heap.Count - Settings.Offset)];
        for (var i = page.Length - 1; i >= 0; i--)
        {
            page[i] = _heap.Dequeue();
        }

        var table = new TableBuilder("traffic", _sort.Word, Columns);
        foreach (var row in page)
        {
            table.Add(Cells(flows, row));
        }

        return new Findings
        {
            Totals =
            [
                new Field("connections", Cell.Of(_all.Connections)),
                new Field("bytes", Bytes(flows, _all.Bytes)),
                new Field("packets", Packets(flows, _all.Packets)),
            ],
            Tables = [table.BuildFilled(_all.Connections)],
            Notes = _caveats.Notes(flows, Unknown(flows), []),
            Next = page is [var first, ..] ? [.. NetworkTraffic.Next(flows.Hosts, first.Source, first.Destination, Settings)] : [],
        };
    }

    public Findings Finish(Series series) => throw new NotSupportedException("Rows are asked of no series.");

    public Findings Finish(ConnectivityHalves answers) => Settings.Sort is null
        ? RawTables.Of(answers, Settings)
        : throw new ApplianceException(
            ApplianceError.InvalidArgument,
            "sort: this question has no rows to sort; the appliance answers it in tables, each in the order that stands beside its name.",
            "Leave sort out, or give the token Advanced Search, which has rows.");

    public void Weigh(EndpointWeights weights)
    {
        foreach (var (row, _) in _heap.UnorderedItems)
        {
            weights.Pin(row.Source);
            weights.Pin(row.Destination);
        }
    }

    public void Remap(EndpointRemap remap)
    {
        _sides.Forget();
        _caveats.Remap(remap);
        (Row, Rank)[] rows = [.. _heap.UnorderedItems.Select(item =>
            (item.Element with { Source = remap.NewId(item.Element.Source), Destination = remap.NewId(item.Element.Destination) },
                item.Priority))];
        _heap.Clear();
        _heap.EnqueueRange(rows);
    }

    public void Consume(FlowSet flows, FlowChunk chunk)
    {
        _caveats.Take(flows, chunk);
        _all.Connections += chunk.Count;
        _all.Bytes = _all.Bytes.Plus(chunk.Bytes.AsSpan(0, chunk.Count));
        _all.Packets = _all.Packets.Plus(chunk.Packets.AsSpan(0, chunk.Count));
        for (var i = 0; i < chunk.Count && _wanted > 0; i++)
        {
            var rank = new Rank(Key(chunk, i), _sequence + i);
            if (_last is { } last && (_sort.IsAscending ? rank.Key >= last : rank.Key <= last))
            {
                continue;
            }

            var row = new Row(
                chunk.Start(i), chunk.Duration[i], chunk.Source[i], chunk.Destination[i], chunk.SourcePort[i], chunk.DestinationPort[i],
                chunk.Protocol[i],
                chunk.ApplicationProtocol[i], chunk.Bytes[i], chunk.BytesOut[i], chunk.Packets[i],
                chunk.Traits[i] & (FlowTraits.Failed | FlowTraits.Established),
                _sides.IsExternal(flows.Hosts, chunk.Traits[i], chunk.Source[i], chunk.Destination[i]));
            if (_heap.Count < _wanted)
            {
                _heap.Enqueue(row, rank);
            }
            else
            {
                _heap.EnqueueDequeue(row, rank);
            }

            _last = _heap.Count == _wanted && _heap.TryPeek(out _, out var worst) ? worst.Key : null;
        }

        _sequence += chunk.Count;
    }

    private long Key(FlowChunk chunk, int i) => _sort.Column switch
    {
        SortColumn.Bytes => chunk.Bytes[i],
        SortColumn.Packets => chunk.Packets[i],
        SortColumn.Seconds => chunk.Duration[i],
        SortColumn.SourcePort => chunk.SourcePort[i],
        SortColumn.DestinationPort => chunk.DestinationPort[i],
        _ => chunk.Start(i),
    };

    private int Compare(Rank a, Rank b) =>
        a.Key != b.Key ? (_sort.IsAscending ? a.Key.CompareTo(b.Key) : b.Key.CompareTo(a.Key)) : a.Sequence.CompareTo(b.Sequence);

    private static Cell[] Cells(FlowSet flows, Row row) =>
    [
        Cell.Second(row.Start),
        Knows(flows, FlowFields.Source) ? HostCells.Ip(flows.Hosts, row.Source) : Cell.Absent,
        HostCells.Did(flows.Hosts, row.Source),
        HostCells.Hostname(flows.Hosts, row.Source),
        Port(flows, FlowFields.SourcePort, row.SourcePort),
        Knows(flows, FlowFields.Destination) ? HostCells.Ip(flows.Hosts, row.Destination) : Cell.Absent,
        HostCells.Did(flows.Hosts, row.Destination),
        HostCells.Hostname(flows.Hosts, row.Destination),
        Port(flows, FlowFields.DestinationPort, row.DestinationPort),
        Knows(flows, FlowFields.Protocol) ? Cell.Of(flows.Protocols[row.Protocol]) : Cell.Absent,
        row.ApplicationProtocol == NameTable.UnknownId ? Cell.Absent : Cell.Of(flows.ApplicationProtocols[row.ApplicationProtocol]),
        Bytes(flows, row.Bytes),
        row.BytesOut < 0 ? Cell.Absent : Cell.Of(row.BytesOut),
        row.BytesOut < 0 || row.Bytes < row.BytesOut ? Cell.Absent : Cell.Of(row.Bytes - row.BytesOut),
        Packets(flows, row.Packets),
        row.DurationMs < 0 ? Cell.Absent : Cell.Of(row.DurationMs / 1000.0),
        State(row.State),
        Knows(flows, FlowFields.Source) ? Cell.Of(row.IsExternal ? "external" : "internal") : Cell.Absent,
    ];

    private static Cell State(FlowTraits state) => state switch
    {
        _ when (state & FlowTraits.Failed) != 0 => Cell.Of("failed"),
        FlowTraits.Established => Cell.Of("established"),
        _ => Cell.Absent,
    };

    private static IEnumerable<string> Unknown(FlowSet flows) =>
        flows.Count > 0 && Capabilities.OfRows(flows.Seen, null, MeasureKind.Bytes).Reason is { } reason ? [reason] : [];

    private static bool Knows(FlowSet flows, FlowFields field) => flows.Count == 0 || (flows.Seen & field) == field;

    private static Cell Bytes(FlowSet flows, long bytes) => Knows(flows, FlowFields.Bytes) ? Cell.Of(bytes) : Cell.Absent;

    private static Cell Packets(FlowSet flows, long packets) => Knows(flows, FlowFields.Packets) ? Cell.Of(packets) : Cell.Absent;

    private static Cell Port(FlowSet flows, FlowFields field, ushort port) => Knows(flows, field) ? Cell.Of((long)port) : Cell.Absent;

    /// <summary>Where a row stands: what is sorted by, then the order in which rows came.</summary>
    private readonly record struct Rank(long Key, long Sequence);

    private readonly record struct Row(
        long Start, int DurationMs, int Source, int Destination, ushort SourcePort, ushort DestinationPort, ushort Protocol,
        ushort ApplicationProtocol, long Bytes, long BytesOut, long Packets, FlowTraits State,
        bool IsExternal);
}
