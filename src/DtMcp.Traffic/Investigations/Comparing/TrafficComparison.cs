using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Tables;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Comparing;

/// <summary>
/// <c>compare_traffic</c>: a window against another: destinations outside, devices, ports and protocols that are new, gone or grown, with
/// the figures of both. Quiet when nothing changed. Feed <see cref="Now"/> and <see cref="Before"/>, in either order, then finish; or call
/// <see cref="Over"/>.
/// </summary>
internal sealed class TrafficComparison(AnalysisSettings settings, TimeWindow before) : ITwoWindowAnalysis
{
    private readonly UsageBuilder _now = new(settings.Internal);
    private readonly UsageBuilder _before = new(settings.Internal);

    public IFlowConsumer Now => _now;

    public IFlowConsumer Before => _before;

    public bool ComparesTables => true;

    public Findings Finish(FlowSet now, FlowSet? before, long beforeSelected) => Finish(now, before!);

    public Findings Finish(FlowSet now, FlowSet then) => Report(
        _now.Usage(now), _before.Usage(then),
        [
            new Field("connections", Cell.Of(_now.Connections)),
            new Field("connections_before", Cell.Of(_before.Connections)),
            new Field("bytes", Knows(now) ? Cell.Of(_now.Bytes) : Cell.Absent),
            new Field("bytes_before", Knows(then) ? Cell.Of(_before.Bytes) : Cell.Absent),
        ],
        [
            .. new[]
            {
                EvictionNote.Of(now),
                Other(EvictionNote.Of(then)),
                _now.ArtefactNote(now),
                Other(_before.ArtefactNote(then)),
            }.OfType<string>(),
            .. now.Count == 0 || then.Count == 0
            ? [now.Count == 0
                ? "No connections in this window."
                : "No connections in the other window: everything is new because nothing is known of the time before."]
            : Array.Empty<string>(),
        ]);

    public Findings Finish(ConnectivityHalves now, ConnectivityHalves then) => Report(
        ConnectivityUsage.Of(now), ConnectivityUsage.Of(then),
        [
            new Field("bytes", Cell.Of(ConnectivityUsage.Bytes(now))),
            new Field("bytes_before", Cell.Of(ConnectivityUsage.Bytes(then))),
        ],
        [
            TableLimits.Note((null, MeasureKind.Connections), (Dimension.DestinationPort, MeasureKind.Bytes)),
            .. ConnectivityUsage.IsEmpty(now) ? ["No traffic in this window."] : Array.Empty<string>(),
        ],
        !ConnectivityUsage.IsEmpty(then));

    /// <summary>Compares whole sets.</summary>
    public static Findings Over(FlowSet now, FlowSet then, AnalysisSettings settings, TimeWindow before)
    {
        var comparison = new TrafficComparison(settings, before);
        foreach (var chunk in now.Chunks)
        {
            comparison.Now.Consume(now, chunk);
        }

        foreach (var chunk in then.Chunks)
        {
            comparison.Before.Consume(then, chunk);
        }

        return comparison.Finish(now, then);
    }

    private static string? Other(string? note) => note is null ? null : "The other window: " + note;

    private static bool Knows(FlowSet flows) => flows.Count == 0 || (flows.Seen & FlowFields.Bytes) != 0;

    private Findings Report(WindowUsage now, WindowUsage then, IEnumerable<Field> totals, IEnumerable<string> notes,
        bool knowsBefore = true)
    {
        if (!knowsBefore)
        {
            // The appliance may not have been looking yet: what it saw since is not new for that.
            (now, then) = (new WindowUsage(), new WindowUsage());
        }

        var scale = (double)settings.Window.LengthMs / before.LengthMs;
        Dictionary<string, long> counts = [];
        Table?[] tables =
        [
            Changes("destinations", ["ip", "hostname", "country", "asn"], usage => usage.Destinations),
            Changes("devices", ["ip", "did", "hostname"], usage => usage.Devices),
            Changes("destination_ports", ["port"], usage => usage.Ports),
            Changes("remote_ports", ["port"], usage => usage.RemotePorts),
            Changes("applicationprotocols", ["name"], usage => usage.ApplicationProtocols),
            Changes("protocols", ["name"], usage => usage.Protocols),
        ];
        var shown = tables.OfType<Table>().ToList();
        return new Findings
        {
            Totals =
            [
                .. totals.Where(field => field.Value.Kind != CellKind.Absent),
                .. knowsBefore ? ChangeTable.Kinds.Select(kind => new Field(kind, Cell.Of(counts.GetValueOrDefault(kind)))) : [],
            ],
            Tables = shown,
            Notes =
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Compared with {UtcText.Second(before.StartMs)} to {UtcText.Second(before.EndMs)} UTC; " +
                    $"grown is {ComparisonRules.Times} times as much, and {ComparisonRules.MoreBytes} bytes " +
                    $"or {ComparisonRules.MoreConnections} connections more" +
                    $"{(Math.Abs(scale - 1) > 0.01 ? ", by length of the windows" : "")}."),
                .. notes,
                .. !knowsBefore ? ["Nothing is known of the other window, so what is new, gone or grown is not told."]
                    : shown.Count == 0 ? ["Nothing is new, gone or grown."] : Array.Empty<string>(),
            ],
            Next = counts.GetValueOrDefault("new") > 0 ? [NextCalls.Of(settings, "hunt_traffic", "kind=new_destinations")] : [],
        };

        Table? Changes(string name, string[] identity, Func<WindowUsage, Dictionary<string, Usage>?> of) =>
            ChangeTable.Of(name, identity, now, then, of, scale, settings.Limit, counts);
    }
}
