using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Scenarios;

internal enum DeviceKind
{
    Controller,
    FileServer,
    MailServer,
    BackupServer,
    WebServer,
    VpnGateway,
    Exchange,
    Recorder,
    Administration,
    Hub,
    Workstation,
    Printer,
    Phone,
    Camera,
    Sensor,
}

/// <summary>A device of the plan; <see cref="Index"/> is its row in the addresses of the record set.</summary>
internal sealed record OfficeDevice(int Index, DeviceKind Kind, IpAddress Address, DeviceFacts Facts)
{
    public string Name => Facts.Hostname!;
}

internal enum SiteKind
{
    Saas,
    Cdn,
    Web,
    Time,
    Update,
    Call,
    Relay,
    Visitor,
    RemoteWorker,
    Resolver,
    Incident,
}

/// <summary>A host outside.</summary>
internal sealed record Site(int Index, SiteKind Kind, IpAddress Address, OutsideInfo Info);
