using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Records;

/// <summary>A device: a private unicast address that appears in the records.</summary>
internal sealed record Device
{
    /// <summary>Number from 1, in the order of the address, IPv4 first.</summary>
    public required int Did { get; init; }

    public required IpAddress Address { get; init; }

    /// <summary>Its row in <see cref="RecordSet.Addresses"/>.</summary>
    public required int AddressIndex { get; init; }

    /// <summary>The subnet that it is in; 0 when <c>--subnet</c> names none around it.</summary>
    public required int Sid { get; init; }

    public required long FirstSeenMs { get; init; }

    public required long LastSeenMs { get; init; }

    public DeviceFacts Facts { get; init; } = new();

    /// <summary>The host name, or the address as text.</summary>
    public string DisplayName => Facts.Hostname ?? Address.ToString();
}
