using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Collected;
using DtMcp.Traffic.Queries.Rows;
using DtMcp.Traffic.Queries.Tables;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Comparing;

/// <summary>
/// <c>compare_traffic</c>: a window against another: destinations outside, devices, ports and protocols that are new, gone or grown, with
/// the figures of both, the largest change first. Quiet when nothing changed. Feed <see cref="Now"/> and <see cref="Before"/>, in either
/// order, then finish; or call <see cref="Over"/>.
/// </summary>
internal sealed class TrafficComparison(AnalysisSettings settings, TimeWindow before) : ITwoWindowAnalysis
{
    // Of a host and a device the largest change and the largest that is new.
    private const int NextShown = 4;

    private readonly RowExecutor _now = new(ComparedTables.Wanted, settings);
    private readonly RowExecutor _before = new(ComparedTables.Wanted, settings);

    public IFlowConsumer Now => _now;

    public RowExecutor RowsNow => _now;

    public RowExecutor RowsBefore => _before;

    public IFlowConsumer Before => _before;

    public bool ComparesTables => true;

    public HistoryPast? Past { get; set; }

    public HistoryUploads? SentBefore { get; set; }

    public SentToCompare? SentNow(FlowSet now) => null;

    // By name, as the groups of both windows are told apart.
    public IReadOnlyList<NetAddress> Fresh(FlowSet now, FlowSet? before)
    {
        var destinations = ComparedTables.Wanted.Tables[0];
        return before is null || _now.Groups(now).Of(destinations) is not { } groups
            || _before.Groups(before).Of(destinations) is not { } known
            ? []
            : [.. groups.Keys.Where(key => !known.ContainsKey(key)).Select(NetAddress.OrNone).Where(address => address.IsPresent)];
    }

    public Findings Finish(FlowSet now, FlowSet? before, long beforeSelected) =>
        Finish(now, before!, isEmptyBefore: beforeSelected == 0);

    public Findings Finish(FlowSet now, FlowSet then, bool isEmptyBefore)
    {
        var (found, earlier) = (_now.Finish(now), _before.Finish(then));
        return Report(
            found, earlier, _now.Groups(now), _before.Groups(then),
            isEmptyBefore && now.Count > 0
                ? "No connections in the other window: everything is new because nothing is known of the time before."
                : IcmpNote(found),
            now.Count == 0, isUnknownBefore: false);
    }

    public Findings Finish(ConnectivityHalves now, ConnectivityHalves then)
    {
        var query = ComparedTables.Wanted;
        return Report(
            TableExecutor.Finish(query, settings, now), TableExecutor.Finish(query, settings, then),
            TableExecutor.Groups(query, settings, now), TableExecutor.Groups(query, settings, then), null,
            ConnectivityParts.IsEmpty(now), ConnectivityParts.IsEmpty(then));
    }

    /// <summary>Compares whole sets.</summary>
    public static Findings Over(FlowSet now, FlowSet then, AnalysisSettings settings, TimeWindow before)
    {
        var comparison = new TrafficComparison(settings, before);
        RowFeed.Show(now, comparison.Now, CancellationToken.None);
        RowFeed.Show(then, comparison.Before, CancellationToken.None);
        return comparison.Finish(now, then, isEmptyBefore: then.Count == 0);
    }

    private Findings Report(
        Findings found, Findings earlier, GroupSet now, GroupSet then, string? note, bool isEmpty, bool isUnknownBefore)
    {
        if (isUnknownBefore)
        {
            // The appliance may not have been looking yet: what it saw since is not new for that.
            (now, then) = (GroupSet.Unknown, GroupSet.Unknown);
        }

        var scale = (double)settings.Window.LengthMs / before.LengthMs;
        List<(TableQuery Query, IReadOnlyList<Change> Changes)> changed =
        [
            .. ComparedTables.Wanted.Tables.Select(table => (table, now.Of(table) is { } groups && then.Of(table) is { } known
                ? Change.Between(table, (now, groups), (then, known), scale, table.By == Dimension.Destination ? Past?.Seen : null)
                : [])),
        ];
        List<Table> shown = [.. changed.Select(one => ChangeTable.Of(one.Query, one.Changes, settings.Limit)).OfType<Table>()];
        return new Findings
        {
            Totals =
            [
                .. Totals(found, earlier),
                .. isUnknownBefore ? [] : Enum.GetValues<ChangeKind>().Select(kind => new Field(
                    ChangeTable.Word(kind), Cell.Of((long)changed.Sum(one => one.Changes.Count(change => change.Kind == kind))))),
            ],
            Tables = shown,
            Notes =
            [
                Rules(scale),
                .. new[] { note, HardlyThere(found, earlier, scale) }.OfType<string>(),
                .. WithPast(),
                .. found.Notes,
                .. earlier.Notes.Except(found.Notes).Select(note => "The other window: " + note),
                .. isEmpty ? ["No traffic in this window."] : Array.Empty<string>(),
                .. isUnknownBefore ? ["Nothing is known of the other window, so what is new, gone or grown is not told."]
                    : shown.Count == 0 ? ["Nothing is new, gone or grown."] : Array.Empty<string>(),
            ],
            Next =
            [
                .. changed.SelectMany(one => Next(one.Query, one.Changes, isUnknownBefore || Figure(earlier, "connections") is 0,
                    Figure(found, "connections") is not null))
                    .Take(NextShown),
            ],
        };
    }

    // What changed most, and what is new: a new device is looked at, a new host asked who talks to it.
    private IEnumerable<string> Next(TableQuery table, IReadOnlyList<Change> changes, bool isUnknownBefore, bool hasRows)
    {
        var there = changes.Where(change => change.Now is not null).Take(1)
            .Concat(isUnknownBefore ? [] : changes.Where(change => change.Kind == ChangeKind.New).Take(1)).Distinct();
        foreach (var change in there)
        {
            switch (table.By)
            {
                case Dimension.Destination when change.Known.Identity[0] is { Kind: CellKind.Text } ip:
                    yield return !hasRows || (change.Kind == ChangeKind.New && !isUnknownBefore)
                        ? NextCalls.Of(settings, "describe_endpoint", $"ip={ip.Text}")
                        : NextCalls.Of(settings, "get_network_traffic", $"ip={ip.Text}", "sort=bytes");
                    break;
                case Dimension.Device when change.Known.Identity[1] is { Kind: CellKind.Integer } did:
                    yield return NextCalls.Of(
                        settings, "analyze_device_activity", string.Create(CultureInfo.InvariantCulture, $"did={did.Integer}"));
                    break;
                default:
                    break;
            }
        }
    }

    private string Rules(double scale) => string.Create(
        CultureInfo.InvariantCulture,
        $"Compared with {TimeText.Second(before.StartMs, settings.Zone)} to {TimeText.Second(before.EndMs, settings.Zone)} " +
        $"{settings.Zone.Id}; grown is {ComparisonRules.Times} times " +
        $"as much, and {ComparisonRules.MoreBytes} bytes or {ComparisonRules.MoreConnections} connections " +
        $"more{(Math.Abs(scale - 1) > 0.01 ? ", by length of the windows" : "")}. The largest change comes first; " +
        $"{ComparisonRules.MoreConnections} connections weigh as much as {ComparisonRules.MoreBytes} bytes.");

    private static IEnumerable<Field> Totals(Findings found, Findings earlier)
    {
        foreach (var name in ComparedTables.Wanted.Totals.Where(total => !total.IsHidden).Select(total => total.Name))
        {
            foreach (var (from, suffix) in new[] { (found, ""), (earlier, "_before") })
            {
                if (Figure(from, name) is { } value)
                {
                    yield return new Field(name + suffix, Cell.Of(value));
                }
            }
        }
    }

    private IEnumerable<string> WithPast()
    {
        if (Past is { } past)
        {
            yield return $"A destination is new if {PastReader.Told(past.FromMs, past.Hours)} did not see it either"
                + (past.Seen.Count == 0 ? "."
                    : string.Create(CultureInfo.InvariantCulture, $"; {past.Seen.Count} that the other window lacks were seen there."));
        }
    }

    private static string? IcmpNote(Findings found) =>
        Figure(found, "connections") - Figure(found, ComparedTables.Icmp.Name) is > 0 and var icmp
            ? string.Create(CultureInfo.InvariantCulture, $"{icmp} ICMP connections are compared in protocols only.")
            : null;

    private static string? HardlyThere(Findings found, Findings earlier, double scale)
    {
        var name = Figure(found, "connections") is not null ? "connections" : "bytes";
        return Figure(found, name) is { } now && Figure(earlier, name) is > 0 and var then
            && then * scale < now * ComparisonRules.HardlyThere
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The other window hardly holds anything ({then} {name} against {now}): what is new may only not have been seen " +
                $"then.")
            : null;
    }

    private static long? Figure(Findings found, string name) =>
        found.Totals.FirstOrDefault(total => total.Name == name) is { Value: { Kind: CellKind.Integer } value } ? value.Integer : null;
}
