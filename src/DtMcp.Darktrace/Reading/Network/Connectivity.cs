using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Network;

/// <summary>Bytes of one row of a statistics panel. A side is null when the appliance sent <c>false</c> (a number or a boolean).</summary>
public readonly record struct InOut(long? In, long? Out)
{
    /// <summary>Both sides, unknown ones counted 0.</summary>
    public long Total => (In ?? 0) + (Out ?? 0);
}

/// <summary>One row of a panel whose key is a name (status, protocol, application protocol, internal/external, subnet).</summary>
public readonly record struct NamedBytes(string Name, InOut Bytes);

/// <summary>One row of a port panel.</summary>
public readonly record struct PortBytes(int Port, InOut Bytes);

/// <summary>One row of the <c>devices</c> panel: a peer by name and by address (which may be a host name for externals).</summary>
public sealed record PeerBytes(string Device, string? Ip, InOut Bytes)
{
    /// <summary>None where the row is known by a name.</summary>
    public NetAddress Address { get; } = NetAddress.OrNone(Ip ?? Device);
}

/// <summary>An entry of <c>devices[]</c>. <see cref="Size"/> follows the metric asked.</summary>
public sealed record ConnectivityDevice(long Did, string? Ip, long Size, long? TimeMs, string? Network, HostDetails Details)
{
    /// <summary>None where <see cref="Ip"/> is a name or nothing.</summary>
    public NetAddress Address { get; } = NetAddress.OrNone(Ip);

    /// <summary>The id of the subnet that it is in.</summary>
    public long? Sid { get; init; }
}

/// <summary>An entry of <c>externaldevices[]</c>.</summary>
public sealed record ExternalDevice(long? Id, string? Ip, string? Name, long Size, long? TimeMs, HostDetails Details)
{
    /// <summary>None where <see cref="Ip"/> is a name or nothing.</summary>
    public NetAddress Address { get; } = NetAddress.OrNone(Ip);
}

/// <summary>An entry of <c>subnets[]</c>.</summary>
public sealed record ConnectivitySubnet(long Sid, string? Network, string? Label, long Size, long? TimeMs);

/// <summary>What an end of an entry of <c>connections[]</c> is, which says where its id belongs.</summary>
public enum ConnectionEndType
{
    /// <summary>The entry does not say.</summary>
    Unsaid,
    Device,
    Subnet,
    ExternalDevice,

    /// <summary>A word that nobody knows.</summary>
    Other,
}

/// <summary>One end of an entry of <c>connections[]</c>.</summary>
public sealed record ConnectionEnd(long Id, string? Ip, ConnectionEndType Type);

/// <summary>
/// An entry of <c>connections[]</c>: who spoke with whom. Its <c>size</c> is the time frame, not bytes, so it is not kept.
/// </summary>
public sealed record ConnectivityPair(ConnectionEnd Source, ConnectionEnd Target, long? TimeMs, double? Score);

/// <summary>The <c>metric</c> object.</summary>
public sealed record MetricInfo(long? Mlid, string? Name, string? Label, string? Units);

/// <summary>
/// An answer in the shape of the vendor's guide (docs/APPLIANCE-API.md, /network: the guide's shape). A list is null when the answer did
/// not have it (restricted by <c>responsedata</c>, or a view that lacks the panel), empty when it had it empty.
/// </summary>
public sealed record Connectivity
{
    /// <summary>Bytes of memory, about.</summary>
    public long Size { get; init; }

    public IReadOnlyList<NamedBytes>? Status { get; init; }

    public IReadOnlyList<PortBytes>? RemotePorts { get; init; }

    public IReadOnlyList<PortBytes>? LocalPorts { get; init; }

    public IReadOnlyList<PeerBytes>? Peers { get; init; }

    public IReadOnlyList<NamedBytes>? PeerSubnets { get; init; }

    /// <summary>Rows named Internal and External.</summary>
    public IReadOnlyList<NamedBytes>? IntExt { get; init; }

    public IReadOnlyList<NamedBytes>? Protocols { get; init; }

    public IReadOnlyList<NamedBytes>? ApplicationProtocols { get; init; }

    public IReadOnlyList<ConnectivityDevice>? Devices { get; init; }

    public IReadOnlyList<ExternalDevice>? ExternalDevices { get; init; }

    public IReadOnlyList<ConnectivitySubnet>? Subnets { get; init; }

    public MetricInfo? Metric { get; init; }

    public IReadOnlyList<ConnectivityPair>? Connections { get; init; }
}
