using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Tables;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>
/// <c>hunt_traffic</c>: rules over the rows of a window, and over those of the time before where they are there. Feed the window to
/// <see cref="Consume"/> and the time before to <see cref="Before"/>, in either order, then finish; or call <see cref="Over"/>. O(n log n).
/// </summary>
internal sealed class TrafficHunt : ITwoWindowAnalysis, IFlowConsumer
{
    private static readonly string[] Columns =
    [
        "kind", "confidence", "source", "source_did", "hostname", "destination", "destination_port", "first", "last", "connections",
        "bytes_out", "bytes_in", "figures", "rule_out",
    ];

    private readonly AnalysisSettings _settings;
    private readonly HuntKind _kind;
    private readonly Sides _sides;
    private readonly ConnectionPairs _pairs;
    private readonly ConnectionPairs _bookBefore;

    public TrafficHunt(AnalysisSettings settings, HuntKind kind = HuntKind.All)
    {
        (_settings, _kind, _sides) = (settings, kind, new Sides(settings.Internal));
        _pairs = new ConnectionPairs(_sides, Wants(BeaconRule.Kind));
        _bookBefore = new ConnectionPairs(new Sides(settings.Internal), keepsBeats: false);
        Before = new Taker(_bookBefore);
    }

    public IFlowConsumer Now => this;

    public bool ComparesTables => false;

    /// <summary>Takes the rows of the time before.</summary>
    public IFlowConsumer Before { get; }

    public void Consume(FlowSet flows, FlowChunk chunk) => _pairs.Add(flows, chunk);

    public void Weigh(EndpointWeights weights) => _pairs.Weigh(weights);

    public void Remap(EndpointRemap remap) => _pairs.Remap(remap);

    // Where nothing was seen before, everything would be new: the appliance was not looking yet, which is no finding.
    public Findings Finish(FlowSet now, FlowSet? before, long beforeSelected) => Finish(now, beforeSelected > 0 ? before : null);

    public Findings Finish(FlowSet flows) => Finish(flows, null);

    /// <param name="flows">The window's rows.</param>
    /// <param name="before">The rows given to <see cref="Before"/>; null when there are none.</param>
    public Findings Finish(FlowSet flows, FlowSet? before)
    {
        var context = new HuntContext(flows, _pairs, before is null ? null : new Baseline(before, _bookBefore), _sides);
        var (shown, counts) = Highest(Rules(context), flows.Hosts);
        var table = new TableBuilder("findings", "confidence", Columns);
        foreach (var finding in shown)
        {
            table.Add(Cells(flows.Hosts, finding));
        }

        return new Findings
        {
            Totals =
            [
                new Field("connections", Cell.Of(_pairs.Connections)),
                new Field("findings", Cell.Of(counts.Sum())),
                new Field("high", Cell.Of(counts[(int)Confidence.High])),
                new Field("medium", Cell.Of(counts[(int)Confidence.Medium])),
                new Field("low", Cell.Of(counts[(int)Confidence.Low])),
            ],
            Tables = [table.Build(counts.Sum())],
            Notes = Notes(context),
            Next = [.. Next(flows.Hosts, shown)],
        };
    }

    public Findings Finish(ConnectivityHalves now, ConnectivityHalves before) => new()
    {
        Totals = [],
        Tables = [],
        Notes = [TableLimits.Note((Dimension.ConnectionPair, MeasureKind.First))],
        Next = [NextCalls.Of(_settings, "compare_traffic"), NextCalls.Of(_settings, "summarize_external_traffic")],
    };

    /// <summary>Hunts over whole sets.</summary>
    public static Findings Over(FlowSet flows, FlowSet? before, AnalysisSettings settings, HuntKind kind = HuntKind.All)
    {
        var hunt = new TrafficHunt(settings, kind);
        foreach (var chunk in before?.Chunks ?? [])
        {
            hunt.Before.Consume(before!, chunk);
        }

        foreach (var chunk in flows.Chunks)
        {
            hunt.Consume(flows, chunk);
        }

        return hunt.Finish(flows, before);
    }

    // One rule after the other; none of their lists outlives its turn.
    private IEnumerable<Finding> Rules(HuntContext context)
    {
        (HuntKind Kind, Func<IEnumerable<Finding>> Find)[] rules =
        [
            (BeaconRule.Kind, () => BeaconRule.Find(context)),
            (UploadRule.Kind, () => UploadRule.Find(context)),
            (ScanRule.Kind, () => ScanRule.Find(context, _sides)),
            (AdminPortRule.Kind, () => AdminPortRule.Find(context)),
            (NewDestinationRule.Kind, () => NewDestinationRule.Find(context)),
            (LongConnectionRule.Kind, () => LongConnectionRule.Find(context)),
        ];
        return rules.Where(rule => Wants(rule.Kind)).SelectMany(rule => rule.Find());
    }

    // As many as are shown, the surest first, and how many there are of each confidence.
    private (List<Finding> Shown, long[] Counts) Highest(IEnumerable<Finding> all, HostTable hosts)
    {
        var counts = new long[(int)Confidence.High + 1];
        var order = Order(hosts);
        var heap = new PriorityQueue<Finding, Finding>(Comparer<Finding>.Create((a, b) => order(b, a)));
        foreach (var finding in all)
        {
            counts[(int)finding.Confidence]++;
            if (heap.Count < _settings.Limit)
            {
                heap.Enqueue(finding, finding);
            }
            else if (heap.Count > 0 && order(finding, heap.Peek()) < 0)
            {
                heap.DequeueEnqueue(finding, finding);
            }
        }

        var shown = heap.UnorderedItems.Select(item => item.Element).ToList();
        shown.Sort(order);
        return (shown, counts);
    }

    private static Comparison<Finding> Order(HostTable hosts) => (a, b) =>
    {
        var order = b.Confidence.CompareTo(a.Confidence);
        order = order != 0 ? order : a.Kind.CompareTo(b.Kind);
        order = order != 0 ? order : (b.BytesOut ?? 0).CompareTo(a.BytesOut ?? 0);
        order = order != 0 ? order : b.Connections.CompareTo(a.Connections);
        order = order != 0 ? order : hosts.Address(a.Source).CompareTo(hosts.Address(b.Source));
        order = order != 0 ? order : Address(a).CompareTo(Address(b));
        return order != 0 ? order : (a.Port ?? 0).CompareTo(b.Port ?? 0);

        NetAddress Address(Finding finding) => finding.Destination is { } to ? hosts.Address(to) : NetAddress.None;
    };

    private bool Wants(HuntKind kind) => _kind == HuntKind.All || _kind == kind;

    private List<string> Notes(HuntContext context)
    {
        List<string> notes = [];
        if (context.Pairs.Connections > 0 && Wants(UploadRule.Kind) && !context.KnowsBytesOut)
        {
            notes.Add("These rows give the bytes of both directions together, so uploads cannot be told.");
        }

        if (context.Pairs.Connections > 0 && Wants(ScanRule.Kind) && !context.KnowsState)
        {
            notes.Add(
                "These rows do not say which connections failed; a scan is told by connections without a byte, and is at most medium.");
        }

        if (context.Before is null && Wants(NewDestinationRule.Kind))
        {
            notes.Add("There are no rows of the time before, so new destinations, and what a device usually sends, cannot be told.");
        }

        if (context.Pairs.Artefacts.Note(context.Flows.Hosts, "their bytes are in no finding") is { } artefacts)
        {
            notes.Add(artefacts);
        }

        if (context.Pairs.Overflowed)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"More than {ConnectionPairs.MaxBeats} connections went outside; beacons were looked for among the first of them."));
        }

        if (context.Pairs.DroppedLight > 0)
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
$"{context.Pairs.DroppedLight} light channels (source, destination, port) were let go while reading: more than " +
$"{ConnectionPairs.MaxPairs} of them, or than {context.Flows.MaxHosts} endpoints. Failed ones still count for scans; a slow beacon or a " +
$"small upload among them may be missed."));
        }

        return notes;
    }

    private IEnumerable<string> Next(HostTable hosts, List<Finding> found)
    {
        if (found is not [var first, ..])
        {
            yield break;
        }

        if (first.Destination is { } destination && hosts.Address(destination).IsPresent)
        {
            yield return NextCalls.Of(_settings, "get_network_traffic", $"ip={hosts.Address(destination)}");
        }

        if (NextCalls.CanFocus(hosts, first.Source))
        {
            yield return NextCalls.Device(_settings, hosts, first.Source);
        }
    }

    private static Cell[] Cells(HostTable hosts, Finding finding) =>
    [
        Cell.Of(finding.Kind.Word()),
        Cell.Of(finding.Confidence switch { Confidence.High => "high", Confidence.Medium => "medium", _ => "low" }),
        HostCells.Ip(hosts, finding.Source),
        HostCells.Did(hosts, finding.Source),
        HostCells.Hostname(hosts, finding.Source),
        finding.Destination is { } destination ? HostCells.Ip(hosts, destination) : Cell.Absent,
        finding.Port is { } port ? Cell.Of((long)port) : Cell.Absent,
        Cell.Of(UtcText.Second(finding.First)),
        Cell.Of(UtcText.Second(finding.Last)),
        Cell.Of(finding.Connections),
        Cell.Of(finding.BytesOut),
        Cell.Of(finding.BytesIn),
        Cell.Sentence(finding.Figures()),
        Cell.Sentence(finding.RuleOut),
    ];

    private sealed class Taker(ConnectionPairs pairs) : IFlowConsumer
    {
        public void Consume(FlowSet flows, FlowChunk chunk) => pairs.Add(flows, chunk);

        public void Weigh(EndpointWeights weights) => pairs.Weigh(weights);

        public void Remap(EndpointRemap remap) => pairs.Remap(remap);
    }
}
