using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.History.Reading;
using DtMcp.History.Schema;
using DtMcp.History.Wire;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.History.Counting;

/// <summary>
/// What a row meets, in words of SQL: the twin of the rules that rows are selected and counted by, which stand in
/// <c>Queries/Rows/Selecting</c> and <c>Counting</c> of the traffic project. Tests compare both.
/// </summary>
internal sealed class RowWords
{
    private readonly HistorySelection _rows;
    private readonly bool _isRolled;

    public RowWords(HistorySelection rows, bool isRolled)
    {
        (_rows, _isRolled) = (rows, isRolled);
        External = Sql.Of($"""
            multiIf({Marked(FlowTraits.MarkedExternal)}, 1, {Marked(FlowTraits.MarkedInternal)}, 0,
            NOT ({Inside(End.Source)} AND {Inside(End.Destination)}))
            """);
        GoesOut = Sql.Of($"(NOT {Inside(End.Destination)} OR {End.Destination.Lacks})");
        (NearSource, NearDestination) = (Near(End.Source), Near(End.Destination));
    }

    public Sql External { get; }

    /// <summary>Whether an external connection goes out.</summary>
    public Sql GoesOut { get; }

    public Sql NearSource { get; }

    public Sql NearDestination { get; }

    /// <summary>Whether both ends are one.</summary>
    public static Sql Same { get; } =
        Sql.Of($"(src = dst AND bitAnd(lacking, 1) = intDiv(bitAnd(lacking, 2), 2) AND src_name = dst_name)");

    /// <summary>Whether both ends are near, and two.</summary>
    public Sql Both => Sql.Of($"({NearSource} AND {NearDestination} AND NOT {Same})");

    /// <summary>0 internal, 1 outbound, 2 inbound.</summary>
    public Sql Direction => Sql.Of($"toUInt8(multiIf(NOT {External}, 0, {GoesOut}, 1, 2))");

    public static Sql Failed { get; } = Has(FlowTraits.Failed);

    /// <summary>0 unknown, 1 failed, 2 established.</summary>
    public static Sql State { get; } = Sql.Of($"toUInt8(multiIf({Failed}, 1, {Has(FlowTraits.Established)}, 2, 0))");

    public static Sql Artefact { get; } = Has(FlowTraits.SensorArtefact);

    /// <summary>What the question's own filters select, beside its window.</summary>
    public IEnumerable<Sql> Filters()
    {
        foreach (var filter in HistoryFilter.Of(_rows.Search))
        {
            yield return filter;
        }

        if (_rows.Device is { } device)
        {
            yield return Sql.Any(End.Both.Select(end => end.IsOne(device)));
        }

        if (_rows.Subnet is { } subnet)
        {
            yield return Sql.Any(End.Both.Select(end => end.IsIn([subnet])));
        }

        if (_rows.Side is { } side)
        {
            yield return side == TrafficSide.External ? External : Sql.Of($"NOT {External}");
        }

        foreach (var condition in Conditions(_rows.Conditions))
        {
            yield return condition;
        }
    }

    /// <summary>What a table or a figure asks of its rows.</summary>
    public Sql Where(Terms terms) => Sql.All(Enum.GetValues<Terms>().Where(term => term != Terms.None && (terms & term) != 0).Select(One));

    private Sql One(Terms term) => term switch
    {
        Terms.External => External,
        Terms.Internal => Sql.Of($"NOT {External}"),
        Terms.Outbound => Sql.Of($"({External} AND {GoesOut})"),
        Terms.Inbound => Sql.Of($"({External} AND NOT {GoesOut})"),
        Terms.Started => NearSource,
        Terms.Received => Sql.Of($"({NearDestination} AND NOT {NearSource})"),
        Terms.Within => Sql.Of($"({NearSource} AND {NearDestination})"),
        Terms.Across => Sql.Of($"({NearSource} != {NearDestination})"),
        Terms.Touches => Sql.Of($"({NearSource} OR {NearDestination})"),
        Terms.SuspiciousPort => Sql.Of(
            $"dport IN ({Enumerable.Range(0, ushort.MaxValue + 1).Where(SuspiciousPorts.Contains).Select(port => (ulong)port).ToArray()})"),
        Terms.Between => Both,
        Terms.Answered => Answered(),
        Terms.Genuine => Sql.Of($"NOT {Artefact}"),
        Terms.NotIcmp => Sql.Of($"NOT (lower(substring(protocol, 1, 4)) = {"icmp"} OR lower(protocol) = {"ipv6-icmp"})"),
        _ => throw new ArgumentOutOfRangeException(nameof(term), term, "No words for it."),
    };

    private Sql Answered() => ((_rows.Seen & FlowFields.State) != 0, (_rows.Seen & FlowFields.Bytes) != 0) switch
    {
        (false, false) => Sql.All([]),
        (true, _) => Sql.Of($"(NOT {Failed} AND {(_isRolled ? Sql.Of($"answered") : RollUp.Answered)})"),
        _ => Sql.Of($"bytes > 0"),
    };

    private IEnumerable<Sql> Conditions(RowConditions conditions)
    {
        if (conditions.MinBytes is { } least)
        {
            yield return Sql.Of($"bytes >= {least}");
        }

        if (conditions.State is { } state)
        {
            yield return state == ConnectionState.Failed ? Failed : Has(FlowTraits.Established);
        }

        if (conditions.Peer is { } peer)
        {
            yield return Sql.Any(
            [
                Sql.All([MayBeNear(End.Source), End.Destination.IsIn([peer])]),
                Sql.All([MayBeNear(End.Destination), End.Source.IsIn([peer])]),
            ]);
        }

        if (conditions.Direction is { } direction)
        {
            var number = direction switch { TrafficDirection.Outbound => 1L, TrafficDirection.Inbound => 2L, _ => 0L };
            yield return Sql.Of($"{Direction} = {number}");
        }
    }

    // Whether an end may be the one that was asked about, so that the peer is the other.
    private Sql MayBeNear(End end) => _rows.Device is { } device ? end.IsOne(device)
        : _rows.Search.Ip is { } ip ? end.IsOne([ip])
        : _rows.Subnet is { } subnet ? end.IsIn([subnet])
        : Sql.All([]);

    private Sql Near(End end) => _rows.Near is { } device ? end.IsOne(device)
        : _rows.NearSubnet is { } subnet ? end.IsIn([subnet])
        : Sql.Of($"({Own(end)} AND NOT {end.Lacks})");

    // An end without an address is inside.
    private Sql Inside(End end) => Sql.Any([Sql.Of($"bitAnd(sides, {(long)end.NeverOutside}) != 0"), Own(end), end.Lacks]);

    // In one of the own ranges, as the appliance corrects them.
    private Sql Own(End end)
    {
        IReadOnlyList<AddressRange> own = _rows.Internal.Own, standard = InternalRanges.Default.Own;
        List<Sql> ranges = [];
        if (own.Take(standard.Count).SequenceEqual(standard))
        {
            ranges.Add(Sql.Of($"bitAnd(sides, {(long)end.Private}) != 0"));
            own = [.. own.Skip(standard.Count)];
        }

        ranges.AddRange(own.Select(range => AddressWords.In(range, end.Address)));
        var inside = Sql.Any(ranges);
        inside = _rows.Sides.Outside.Count == 0 ? inside
            : Sql.Of($"({inside} AND NOT {AddressWords.In(_rows.Sides.Outside, end.Address)})");
        return _rows.Sides.Inside.Count == 0 ? inside : Sql.Any([inside, AddressWords.In(_rows.Sides.Inside, end.Address)]);
    }

    private static Sql Has(FlowTraits trait) => Sql.Of($"bitAnd(traits, {(long)trait}) != 0");

    private static Sql Marked(FlowTraits mark) =>
        Sql.Of($"bitAnd(traits, {(long)(FlowTraits.MarkedExternal | FlowTraits.MarkedInternal)}) = {(long)mark}");
}
