using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Records;

/// <summary>What is known of a device besides its traffic. Null where it is not known.</summary>
internal sealed record DeviceFacts
{
    public string? Hostname { get; init; }

    public string? Label { get; init; }

    public string? Mac { get; init; }

    public string? Vendor { get; init; }

    public string? Os { get; init; }

    /// <summary>Darktrace's system name of the type: <c>desktop</c>, <c>server</c>, <c>dnsserver</c>.</summary>
    public string? TypeName { get; init; }

    /// <summary>The type as people read it: <c>Desktop</c>, <c>Server</c>, <c>DNS Server</c>.</summary>
    public string? TypeLabel { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Addresses that it had before, and how many days before it was last seen: another device has them by now.</summary>
    public IReadOnlyList<(IpAddress Address, int DaysBefore)> Former { get; init; } = [];

    /// <summary>Whether a client sensor on the device tells of it: then its addresses are those of its interfaces, and it is in no
    /// subnet.</summary>
    public bool IsClientSensor { get; init; }
}
