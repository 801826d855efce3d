using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;

namespace DtMcp.Darktrace.Reading.Network;

/// <summary>Collects the guide's tables. A table that comes twice is the later one.</summary>
internal sealed class ConnectivityBuilder
{
    /// <summary>Places of panels are above this.</summary>
    public const int FirstPanel = 31;

    private const int StatusPanel = 32;
    private const int RemotePortPanel = 33;
    private const int LocalPortPanel = 34;
    private const int PeerPanel = 35;
    private const int SubnetPanel = 36;
    private const int IntExtPanel = 37;
    private const int ProtocolPanel = 38;
    private const int ApplicationPanel = 39;

    private readonly Dictionary<int, List<NamedBytes>> _named = [];
    private readonly Dictionary<int, List<PortBytes>> _ports = [];
    private List<PeerBytes>? _peers;

    public List<ConnectivityDevice>? Devices { get; set; }

    public List<ExternalDevice>? ExternalDevices { get; set; }

    public List<ConnectivitySubnet>? Subnets { get; set; }

    public List<ConnectivityPair>? Connections { get; set; }

    public MetricInfo? Metric { get; set; }

    public bool HasStatistics { get; set; }

    public bool IsPresent =>
        HasStatistics || Devices is not null || ExternalDevices is not null || Subnets is not null || Connections is not null
            || Metric is not null;

    /// <summary>The place of a panel of <c>statistics</c> by its folded key; spelling, case and blanks are irregular.</summary>
    public static int PanelOf(ReadOnlySpan<byte> key) => key.Length switch
    {
        16 when key.SequenceEqual("connectionstatus"u8) => StatusPanel,
        11 when key.SequenceEqual("remoteports"u8) => RemotePortPanel,
        10 when key.SequenceEqual("localports"u8) => LocalPortPanel,
        7 when key.SequenceEqual("devices"u8) => PeerPanel,
        7 when key.SequenceEqual("subnets"u8) => SubnetPanel,
        6 when key.SequenceEqual("intext"u8) => IntExtPanel,
        9 when key.SequenceEqual("protocols"u8) => ProtocolPanel,
        20 when key.SequenceEqual("applicationprotocols"u8) => ApplicationPanel,
        _ => AnswerShape.Nowhere,
    };

    public static ConnectivityDevice Device(FlatEntry entry) => new(
        entry.Whole("did") ?? entry.Whole("id") ?? HostTable.NoDid,
        Ip(entry),
        entry.Size("size") ?? 0,
        entry.Time("timems"),
        entry.Text("network"),
        entry.Details())
    {
        Sid = entry.Whole("sid"),
    };

    public static ExternalDevice External(FlatEntry entry) =>
        new(entry.Whole("id"), Ip(entry), entry.Text("name", "hostname"), entry.Size("size") ?? 0, entry.Time("timems"), entry.Details());

    public static ConnectivitySubnet Subnet(FlatEntry entry) =>
        new(entry.Whole("sid") ?? 0, entry.Text("network"), entry.Text("label"), entry.Size("size") ?? 0, entry.Time("timems"));

    public static ConnectivityPair Pair(FlatEntry entry) =>
        new(End(entry, "source."), End(entry, "target."), entry.Time("timems"), entry.Number("score"));

    public void BeginPanel(int panel)
    {
        switch (panel)
        {
            case PeerPanel:
                _peers = [];
                break;
            case RemotePortPanel or LocalPortPanel:
                _ports[panel] = [];
                break;
            default:
                _named[panel] = [];
                break;
        }
    }

    public void AddToPanel(int panel, FlatEntry entry)
    {
        var bytes = new InOut(entry.Size("in"), entry.Size("out"));
        switch (panel)
        {
            case StatusPanel:
                AddNamed(panel, entry.Text("connections"), bytes);
                break;
            case RemotePortPanel:
                AddPort(panel, entry.Whole("rport"), bytes);
                break;
            case LocalPortPanel:
                AddPort(panel, entry.Whole("lport"), bytes);
                break;
            case PeerPanel:
                if (entry.Text("device", "ip") is { } device)
                {
                    _peers!.Add(new PeerBytes(device, entry.Text("ip"), bytes));
                }

                break;
            case SubnetPanel:
                AddNamed(panel, entry.Text("subnet"), bytes);
                break;
            case IntExtPanel:
                AddNamed(panel, entry.Text("intext"), bytes);
                break;
            case ProtocolPanel:
                AddNamed(panel, entry.Text("protocol"), bytes);
                break;
            default:
                AddNamed(panel, entry.Text("applicationprotocol"), bytes);
                break;
        }
    }

    public Connectivity Build(long bytes) => new()
    {
        Size = bytes,
        Status = _named.GetValueOrDefault(StatusPanel),
        RemotePorts = _ports.GetValueOrDefault(RemotePortPanel),
        LocalPorts = _ports.GetValueOrDefault(LocalPortPanel),
        Peers = _peers,
        PeerSubnets = _named.GetValueOrDefault(SubnetPanel),
        IntExt = _named.GetValueOrDefault(IntExtPanel),
        Protocols = _named.GetValueOrDefault(ProtocolPanel),
        ApplicationProtocols = _named.GetValueOrDefault(ApplicationPanel),
        Devices = Devices,
        ExternalDevices = ExternalDevices,
        Subnets = Subnets,
        Metric = Metric,
        Connections = Connections,
    };

    private static string? Ip(FlatEntry entry) => entry.Text("ip") ?? entry.Text("ips.ip", "ips");

    private static ConnectionEnd End(FlatEntry entry, string at) =>
        new(entry.Whole(at + "id") ?? HostTable.NoDid, entry.Text(at + "ip"), TypeOf(entry.Text(at + "type")));

    private static ConnectionEndType TypeOf(string? word) => word switch
    {
        null => ConnectionEndType.Unsaid,
        "device" => ConnectionEndType.Device,
        "subnet" => ConnectionEndType.Subnet,
        "externaldevice" => ConnectionEndType.ExternalDevice,
        _ => ConnectionEndType.Other,
    };

    private void AddNamed(int panel, string? name, InOut bytes)
    {
        if (name is not null)
        {
            _named[panel].Add(new NamedBytes(name, bytes));
        }
    }

    private void AddPort(int panel, long? port, InOut bytes)
    {
        if (port is >= 0 and <= ushort.MaxValue)
        {
            _ports[panel].Add(new PortBytes((int)port, bytes));
        }
    }
}
