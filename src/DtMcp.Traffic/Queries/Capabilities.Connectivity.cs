namespace DtMcp.Traffic.Queries;

/// <summary>
/// The vendor guide's tables: by view, dimension, terms and measure. Exact with a reason means: the figure is what the reason says.
/// </summary>
internal static partial class Capabilities
{
    /// <summary>Most subnets asked for what their devices sent and received.</summary>
    public const int MaxSubnets = 8;

    /// <summary>Most devices asked for their hours.</summary>
    public const int MaxDevices = 32;

    /// <summary>Why peers are told for destinations: the answer came without its pairs.</summary>
    public const string NoBeginners = "who began is not told here, so hosts are listed whoever did";

    /// <summary>Of tables that rows would be narrowed for.</summary>
    public const string AllRows = "ICMP, and what a sensor may have made up, are among the bytes of hosts and devices";

    /// <summary>Groups that the appliance does not make.</summary>
    public static readonly Capability NoGroups = Capability.Unknown(
        "what is grouped or narrowed otherwise than the appliance does it is not told, only connection records (Advanced Search) tell it");

    private static readonly Capability NoRows = Capability.Unknown(
        "connection and packet counts, times and ports per peer are not told, only connection records (Advanced Search) have them");

    private static readonly Capability NoPairs = Capability.Unknown(
        "hunting needs one row a connection (start, ports, bytes), which only connection records (Advanced Search) give");

    private static readonly Capability OneDevicesPorts = Capability.Unknown("ports are told for one device only (ask did=)");

    private static readonly Capability BothWays = Capability.Bounded(
        "a host that both began connections and took some has one sum for all of them: its bytes are left out where only one kind "
            + "is meant");

    private static readonly Capability Nameless = Capability.Bounded(
        "inside addresses that are no devices (link-local, multicast) share one entry, so a number that needs them apart is left out");

    private static readonly Capability OwnBytes = Capability.Bounded(
        $"an answer about everything counts in and out as the originator saw them; a device's own are from its subnet's answer, "
            + $"of {MaxSubnets} subnets at most, and left out beyond (ask did= or subnet=)");

    private static readonly Capability OneSeries = Capability.Bounded(
        $"hours are asked device by device, of {MaxDevices} devices at most, and left out beyond (ask did=)");

    private static readonly Capability OriginatorsBytes = Capability.Means(
        "bytes_out of protocols and status is what originators sent, bytes_in what came back");

    private static readonly Capability AllOfDevice = Capability.Means(
        "protocols and ports are of all that the device took part in, not only of what it began");

    private static readonly Capability AllOfSubnet = Capability.Means(
        "applicationprotocols are of all connections with an end in the subnet, not only of those within it");

    /// <summary>What connectivity tables tell of a group's measure, or of a total's where there is no group.</summary>
    public static Capability OfTables(ConnectivityView view, Dimension? by, Terms where, Measure measure) => measure.Kind switch
    {
        _ when by == Dimension.ConnectionPair => NoPairs,
        MeasureKind.Bytes or MeasureKind.PercentOfBytes => OfBytes(view, by, where),
        MeasureKind.BytesIn or MeasureKind.BytesOut => OfInOut(view, by, where),
        MeasureKind.Distinct => by is null ? OfNumber(view, measure.Of, where) : OfPartners(view, by.Value, where, measure),
        MeasureKind.Size => by is Dimension.Outside or Dimension.ApplianceSubnet ? Capability.Exact : NoGroups,
        _ => NoRows,
    };

    private static Capability OfBytes(ConnectivityView view, Dimension? by, Terms where) => (by, where) switch
    {
        (null, Terms.None or Terms.Touches or Terms.External) => Capability.Exact,
        (Dimension.Protocol or Dimension.ApplicationProtocol or Dimension.RemotePort or Dimension.LocalPort, Terms.Started)
            when view == ConnectivityView.Device => AllOfDevice,
        (Dimension.ApplicationProtocol, Terms.Within) when view == ConnectivityView.Subnet => AllOfSubnet,
        (Dimension.Protocol or Dimension.ApplicationProtocol or Dimension.Status, Terms.None or Terms.Touches or Terms.External) =>
            Capability.Exact,
        (Dimension.RemotePort or Dimension.LocalPort, Terms.None or Terms.Touches or Terms.External) =>
            view == ConnectivityView.Device ? Capability.Exact : Capability.Bounded(OneDevicesPorts.Reason),
        (Dimension.SourcePort or Dimension.DestinationPort, _) =>
            view == ConnectivityView.Device ? Capability.Unknown(null) : OneDevicesPorts,
        (Dimension.Endpoint or Dimension.Device, Terms.None) => Capability.Exact,
        (Dimension.Subnet, Terms.Across) when view == ConnectivityView.Subnet => Capability.Exact,
        (Dimension.Outside, Terms.External) => Capability.Exact,
        (Dimension.Hour, _) => OneSeries,
        _ => OfEnds(view, by, where),
    };

    private static Capability OfInOut(ConnectivityView view, Dimension? by, Terms where) => (by, view) switch
    {
        (null, ConnectivityView.Device) when where is Terms.None or Terms.Touches => Capability.Exact,
        // A question about everything has no side to see it from.
        (null, _) or (Dimension.Outside, _) => Capability.Unknown(null),
        (Dimension.Endpoint or Dimension.Device, ConnectivityView.Everything) when where == Terms.None => OwnBytes,
        (Dimension.Protocol or Dimension.ApplicationProtocol or Dimension.Status, ConnectivityView.Everything)
            when OfBytes(view, by, where).IsKnown => OriginatorsBytes,
        (Dimension.Destination or Dimension.Source, _) when !IsOfFocus(view, where) => Capability.Unknown(null),
        _ => OfBytes(view, by, where),
    };

    // Ends by who began: from the pairs.
    private static Capability OfEnds(ConnectivityView view, Dimension? by, Terms where) => (by, where) switch
    {
        (Dimension.Destination, Terms.Outbound) => BothWays,
        (Dimension.Source, Terms.Outbound or Terms.Inbound) => BothWays,
        (Dimension.Destination or Dimension.Source, _) when IsOfFocus(view, where) => BothWays,
        (Dimension.Peer, Terms.External or Terms.Internal) when view == ConnectivityView.Device => Capability.Exact,
        _ => NoGroups,
    };

    private static Capability OfNumber(ConnectivityView view, Dimension of, Terms where) => (of, where) switch
    {
        (Dimension.Destination, Terms.Outbound) when view != ConnectivityView.Device => Capability.Exact,
        (Dimension.Device, Terms.None) => Capability.Exact,
        _ when OfEnds(view, of, where).IsKnown => Nameless,
        _ => NoGroups,
    };

    private static Capability OfPartners(ConnectivityView view, Dimension by, Terms where, Measure measure) =>
        by == Dimension.Source && measure is { Of: Dimension.Destination, Where: Terms.None } && where is Terms.Outbound or Terms.Inbound
            ? Nameless
            : NoGroups;

    private static bool IsOfFocus(ConnectivityView view, Terms where) => view == ConnectivityView.Device
        && where is (Terms.Started | Terms.External) or (Terms.Started | Terms.Internal) or Terms.Started or Terms.Received;
}
