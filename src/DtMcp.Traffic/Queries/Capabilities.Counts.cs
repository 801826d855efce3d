namespace DtMcp.Traffic.Queries;

/// <summary>Counts that the appliance makes itself: by dimension, terms and measure.</summary>
internal static partial class Capabilities
{
    /// <summary>
    /// Rows of all tables of an answer whose bytes are asked for: each takes a request for each direction. With totals and lists an answer
    /// takes no more than sixty requests then, whatever the window; but hours, which come by the day.
    /// </summary>
    public const int MaxAsked = 20;

    /// <summary>The same in requests, where rows take more than two.</summary>
    public const int MaxAskedRequests = 2 * MaxAsked;

    /// <summary>Why a table is in another order than over rows.</summary>
    public static readonly Capability InOrderOfConnections = Capability.Bounded(
        "tables of many values are of those with the most connections: which have the most bytes is not told");

    /// <summary>Why the order of a table may be another.</summary>
    public static readonly Capability InDoubtfulOrder = Capability.Bounded(
        "values that the appliance does not list may have as many connections as the last of a table");

    /// <summary>Why bytes of some rows are left out.</summary>
    public static readonly Capability AskedForSome = Capability.Bounded(
        $"bytes are asked for {MaxAsked} rows of all tables at most, the first of each");

    /// <summary>Why a number of different values is left out.</summary>
    public static readonly Capability ListedOnly = Capability.Bounded(
        "how many different values there are is not told where there are more than the appliance lists");

    /// <summary>Why a sum is left out.</summary>
    public static readonly Capability WholeSums = Capability.Bounded(
        "sums are left out where sizes below zero or beyond 2^53 are among them, or no sizes at all");

    /// <summary>What bytes of several addresses hold: no search compares one end with the other.</summary>
    public static readonly Capability SelfTwice = Capability.Bounded(
        "bytes in and out of several addresses hold a connection of an address with itself twice");

    private static readonly Capability NoCountedLists = Capability.Unknown(
        "lists inside a row and numbers of partners are not told, only single records have them");

    private static readonly Capability NoCountedGroups = Capability.Unknown(
        "groups by something that is no field of a record are not told");

    /// <summary>What hours are.</summary>
    public static readonly Capability HoursOfInsertion = Capability.Bounded(
        "an hour is the one in which records were put into the index, when a connection had ended, not that of its start");

    private static readonly Capability BothEnds = Capability.Unknown(
        "a connection between two of these devices counts for both, so totals hold its bytes twice; how many do is not told");

    /// <summary>What the appliance's own counts tell of a group's measure, or of a total's where there is no group.</summary>
    public static Capability OfCounts(Dimension? by, Terms where, Measure measure) => (by, measure.Kind) switch
    {
        _ when ((where | measure.Where) & Terms.Between) != 0 => BothEnds,
        (Dimension.RemotePort or Dimension.LocalPort or Dimension.Status or Dimension.Outside or Dimension.ApplianceSubnet, _)
            or (_, MeasureKind.Size) => Capability.Unknown(null),
        (Dimension.Hour, MeasureKind.Connections or MeasureKind.Bytes or MeasureKind.BytesIn or MeasureKind.BytesOut) => HoursOfInsertion,
        (not null, _) when !IsField(by.Value) => NoCountedGroups,
        (not null, MeasureKind.List or MeasureKind.Distinct) => NoCountedLists,
        (null, MeasureKind.List) => NoCountedLists,
        (null, MeasureKind.Distinct) => IsField(measure.Of) ? ListedOnly : NoCountedGroups,
        (null or Dimension.Device, MeasureKind.BytesIn or MeasureKind.BytesOut) => WholeSums,
        (_, MeasureKind.BytesIn or MeasureKind.BytesOut) => WholeSums,
        (_, MeasureKind.Bytes or MeasureKind.Packets or MeasureKind.PercentOfBytes) => WholeSums,
        _ => Capability.Exact,
    };

    private static bool IsField(Dimension by) => by is Dimension.Endpoint or Dimension.Device or Dimension.Source or Dimension.Destination
        or Dimension.Protocol or Dimension.ApplicationProtocol or Dimension.SourcePort or Dimension.DestinationPort
        or Dimension.State or Dimension.Direction;
}
