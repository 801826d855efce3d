namespace DtMcp.Traffic.Queries;

/// <summary>
/// What connections can be grouped by. A closed set: each kind of evidence says in <see cref="Capabilities"/> which of it it knows, and
/// each executor how it groups by it.
/// </summary>
internal enum Dimension
{
    /// <summary>Both ends, whoever they are: a connection counts for each of its two ends.</summary>
    Endpoint,

    /// <summary>
    /// The ends that the question is about, bytes in and out as these ends saw them: the device or the subnet asked about, else every end
    /// that the appliance models as a device.
    /// </summary>
    Device,

    /// <summary>The end that is not the <see cref="Device"/>.</summary>
    Peer,

    /// <summary>The originator.</summary>
    Source,

    /// <summary>The responder.</summary>
    Destination,

    /// <summary>The network of the <see cref="Peer"/>: its /24 (IPv6: /64), or <c>outside</c>.</summary>
    Subnet,

    /// <summary>The network of the <see cref="Device"/>: its /24 (IPv6: /64).</summary>
    DeviceSubnet,

    /// <summary>The country of the end outside.</summary>
    Country,

    /// <summary>The autonomous system of the end outside.</summary>
    Asn,

    /// <summary>The host name of the end outside.</summary>
    Name,
    Protocol,
    ApplicationProtocol,
    SourcePort,
    DestinationPort,

    /// <summary>The far end's port, as seen from a device (the vendor guide's tables).</summary>
    RemotePort,

    /// <summary>The device's own port (the vendor guide's tables).</summary>
    LocalPort,

    /// <summary>Established, failed or unknown.</summary>
    State,

    /// <summary>How usual the appliance finds it: Normal, New, Unusual, Breached (the vendor guide's tables).</summary>
    Status,

    /// <summary>Outbound, inbound or internal.</summary>
    Direction,

    /// <summary>The hour of the start, UTC.</summary>
    Hour,

    /// <summary>The interval of the start, of the length that the question asks; an hour unless it does. UTC.</summary>
    Interval,

    /// <summary>The end outside, whoever began (the vendor guide's tables).</summary>
    Outside,

    /// <summary>A subnet as the appliance models it (the vendor guide's tables).</summary>
    ApplianceSubnet,

    /// <summary>A source with a destination; hunts look at each in their own way.</summary>
    ConnectionPair,
}

/// <summary>Facts of dimensions that executors and tables share.</summary>
internal static class Dimensions
{
    /// <summary>Whether keys are endpoints, which can be evicted when there are too many.</summary>
    public static bool IsEndpoint(this Dimension dimension) => dimension <= Dimension.Destination;

    /// <summary>Whether keys are something that an endpoint has, so that sums by endpoint are rolled up.</summary>
    public static bool IsOfEndpoint(this Dimension dimension) => dimension is >= Dimension.Subnet and <= Dimension.Name;

    public static bool IsPort(this Dimension dimension) => dimension is >= Dimension.SourcePort and <= Dimension.LocalPort;

    /// <summary>Whether a connection counts for the ends that the question is about, once for each.</summary>
    public static bool IsByDevice(this Dimension dimension) => dimension is Dimension.Device or Dimension.Peer or Dimension.Subnet
        or Dimension.DeviceSubnet;

    /// <summary>Whether keys are in order of time.</summary>
    public static bool IsOfTime(this Dimension dimension) => dimension is Dimension.Hour or Dimension.Interval;

    /// <summary>What people call it.</summary>
    public static string Word(this Dimension dimension) => dimension switch
    {
        Dimension.Device => "device",
        Dimension.Source => "source",
        Dimension.Destination => "destination",
        Dimension.Peer => "peer",
        Dimension.DestinationPort => "port",
        Dimension.Hour => "hour",
        Dimension.Interval => "interval",
        Dimension.Name => "name",
        Dimension.Protocol => "protocol",
        Dimension.ApplicationProtocol => "applicationprotocol",
        var other => other.KeyColumn(),
    };

    /// <summary>What a row of the table is called: the column of its key.</summary>
    public static string KeyColumn(this Dimension dimension) => dimension switch
    {
        Dimension.Subnet or Dimension.DeviceSubnet => "subnet",
        Dimension.Country => "country",
        Dimension.Asn => "asn",
        Dimension.Name => "hostname",
        Dimension.Protocol or Dimension.ApplicationProtocol => "name",
        Dimension.SourcePort or Dimension.DestinationPort or Dimension.RemotePort or Dimension.LocalPort => "port",
        Dimension.State => "state",
        Dimension.Status => "status",
        Dimension.Direction => "direction",
        Dimension.Hour => "hour",
        Dimension.Interval => "interval",
        Dimension.ApplianceSubnet => "sid",
        _ => "ip",
    };
}
