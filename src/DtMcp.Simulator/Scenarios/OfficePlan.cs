using System.Globalization;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Scenarios;

// Who there is: the subnets, the devices in them and the hosts outside, before anything happens.
internal sealed class OfficePlan
{
    // The workstation that had the address of another until twenty days ago, and the one whose client sensor tells of it.
    private const int Mover = 9;
    private const string FormerAddress = "10.20.10.21";
    private const int Traveller = 12;

    private readonly RecordSetBuilder _builder;
    private readonly SplitMix _random;
    private readonly Dictionary<IpAddress, DeviceFacts> _facts = [];
    private readonly Dictionary<IpAddress, OutsideInfo> _outside = [];
    private readonly SortedDictionary<IpAddress, (AddressRange Range, string? Label)> _subnets = [];
    private readonly List<OfficeDevice> _devices = [];

    public OfficePlan(RecordSetBuilder builder, OfficeSize size, SplitMix random)
    {
        (_builder, Size, _random) = (builder, size, random);
        AddServers();
        AddPeople();
        AddThings();
        AddTwins();
        Sites = new OfficeSites(this, random.Fork(7));
    }

    public OfficeSize Size { get; }

    public OfficeSites Sites { get; }

    public IReadOnlyList<OfficeDevice> Devices => _devices;

    public OfficeDevice[] Of(DeviceKind kind) => [.. _devices.Where(device => device.Kind == kind && device.Address.IsIPv4)];

    /// <summary>Machines that have an IPv6 address too, under a number of its own: a device is an address.</summary>
    public OfficeDevice[] Twins() => [.. _devices.Where(device => !device.Address.IsIPv4)];

    public RecordFacts Facts(IReadOnlyList<ModelBreach> breaches) => new()
    {
        Devices = _facts,
        Outside = _outside,
        Subnets = [.. _subnets.Values],
        Breaches = breaches,
        Synthetic = true,
    };

    public Site AddSite(SiteKind kind, string address, OutsideInfo info)
    {
        var parsed = IpAddress.Parse(address);
        _outside[parsed] = info;
        return new Site(_builder.Address(parsed), kind, parsed, info);
    }

    /// <summary>A device that nobody planned: it comes later.</summary>
    public OfficeDevice AddStranger()
    {
        var host = 230 + _random.Below(15);
        var address = string.Create(CultureInfo.InvariantCulture, $"10.20.10.{host}");
        return Make(DeviceKind.Workstation, address, "Office 1", new DeviceFacts
        {
            Hostname = string.Create(CultureInfo.InvariantCulture, $"desktop-{Number(_random.Next())}"),
            Mac = Mac(0x0a, _random),
            Vendor = "Quillon Devices",
            TypeName = "laptop",
            TypeLabel = "Laptop",
            Tags = ["New Device"],
        });
    }

    private void AddServers()
    {
        Several(Size.Controllers,
            i => Server(DeviceKind.Controller, 10 + i, $"dc-{i:00}", "Domain controller", "domaincontroller", "Domain Controller",
                ["Key Server"]));
        Several(Size.FileServers,
            i => Server(DeviceKind.FileServer, 60 + i, $"files-{i:00}", "File server", "fileserver", "File Server", ["Key Server"]));
        Several(Size.MailServers,
            i => Server(DeviceKind.MailServer, 100 + i, $"mail-{i:00}", "Mail server", "mailserver", "Mail Server", []));
        Server(DeviceKind.BackupServer, 130, "backup-01", "Backup server", "server", "Server", ["Backup"]);
        Server(DeviceKind.WebServer, 140, "www-01", "Public web server", "webserver", "Web Server", ["Internet Facing System"]);
        Server(DeviceKind.VpnGateway, 141, "vpn-01", "Remote access gateway", "gateway", "Gateway", ["Internet Facing System"]);
        Server(DeviceKind.Exchange, 150, "pbx-01", "Telephone exchange", "server", "Server", []);
        Server(DeviceKind.Administration, 160, "admin-01", "Administration and monitoring", "server", "Server",
            ["Admin", "Security Device"]);
    }

    private void AddPeople()
    {
        (string Prefix, string Name)[] departments = [("fin", "Finance"), ("sal", "Sales"), ("eng", "Engineering"), ("ops", "Operations")];
        for (var i = 0; i < Size.Workstations; i++)
        {
            var (prefix, name) = departments[i % departments.Length];
            var number = (i / departments.Length) + 1;
            var engineering = i % 4 >= 2;
            var place = (2 * (i / 4)) + (i % 2);
            var subnet = (place / 180 * 2) + (engineering ? 1 : 0);
            var laptop = _random.Chance(0.4);
            Make(
                DeviceKind.Workstation,
                string.Create(CultureInfo.InvariantCulture, $"10.20.{10 + subnet}.{20 + (place % 180)}"),
                string.Create(CultureInfo.InvariantCulture, $"{(engineering ? "Engineering" : "Office")} {(place / 180) + 1}"),
                new DeviceFacts
                {
                    Hostname = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{(laptop ? "lt" : "ws")}-{number:00}"),
                    Label = string.Create(CultureInfo.InvariantCulture, $"{name} {(laptop ? "laptop" : "workstation")} {number}"),
                    Mac = Mac(laptop ? (byte)0x06 : (byte)0x02, _random),
                    Vendor = laptop ? "Quillon Devices" : "Aldgate Computers",
                    Os = _random.Chance(0.8) ? "Windows 11" : _random.Chance(0.5) ? "macOS 15" : "Ubuntu 24.04",
                    TypeName = laptop ? "laptop" : "desktop",
                    TypeLabel = laptop ? "Laptop" : "Desktop",
                    Tags = i % 11 == 4 ? ["Admin"] : [],
                    Former = i == Mover ? [(IpAddress.Parse(FormerAddress), 20)] : [],
                    IsClientSensor = i == Traveller,
                });
        }
    }

    private void AddThings()
    {
        Several(Size.Phones,
            i => Thing(DeviceKind.Phone, $"10.20.{100 + (i / 200)}.{20 + (i % 200)}", "Voice and print", $"phone-{i:000}", "Desk phone",
                "Tremont Telephony", "ipphone", "IP Phone"));
        Several(Size.Printers,
            i => Thing(DeviceKind.Printer, $"10.20.{100 + (i / 30)}.{221 + (i % 30)}", "Voice and print", $"print-{i:00}", "Printer",
                "Inkwell Imaging", "printer", "Printer"));
        Several(Size.Recorders,
            i => Thing(DeviceKind.Recorder, $"192.168.{49 + i}.10", "Cameras and sensors", $"nvr-{i:00}", "Video recorder",
                "Foxglove Vision", "server", "Server"));
        Several(Size.Hubs,
            i => Thing(DeviceKind.Hub, $"192.168.{49 + i}.11", "Cameras and sensors", $"hub-{i:00}", "Building control hub",
                "Larkfield Controls", "iot", "Internet of Things"));
        Several(Size.Cameras,
            i => Thing(DeviceKind.Camera, $"192.168.{50 + ((i - 1) / 40)}.{20 + ((i - 1) % 40)}", "Cameras and sensors", $"cam-{i:000}",
                "Camera", "Foxglove Vision", "camera", "Camera"));
        Several(Size.Sensors,
            i => Thing(DeviceKind.Sensor, $"192.168.{50 + ((i - 1) / 40)}.{100 + ((i - 1) % 40)}", "Cameras and sensors", $"sensor-{i:000}",
                "Door or climate sensor", "Larkfield Controls", "iot", "Internet of Things"));
    }

    private void AddTwins()
    {
        var originals = Of(DeviceKind.Controller).Take(1).Concat(Of(DeviceKind.FileServer).Take(1))
            .Concat(Of(DeviceKind.Workstation).Skip(2).Take(4)).ToArray();
        for (var i = 0; i < originals.Length; i++)
        {
            var original = originals[i];
            Make(
                original.Kind,
                string.Create(CultureInfo.InvariantCulture, $"fd20:5ca1:ab1e:1::{0x10 + i:x}"),
                "IPv6 trial",
                original.Facts with { Hostname = $"{original.Name}-v6", Label = $"{original.Facts.Label}, IPv6", Tags = [] });
        }
    }

    private void Server(DeviceKind kind, int host, FormattableString name, string label, string typeName, string typeLabel,
        string[] tags) =>
        Server(kind, host, FormattableString.Invariant(name), label, typeName, typeLabel, tags);

    private void Server(DeviceKind kind, int host, string name, string label, string typeName, string typeLabel, string[] tags) => Make(
        kind,
        string.Create(CultureInfo.InvariantCulture, $"10.20.1.{host}"),
        "Servers",
        new DeviceFacts
        {
            Hostname = name,
            Label = label,
            Mac = Mac(0x12, _random),
            Vendor = "Stonebridge Servers",
            Os = kind is DeviceKind.WebServer or DeviceKind.VpnGateway or DeviceKind.Exchange ? "Linux" : "Windows Server 2022",
            TypeName = typeName,
            TypeLabel = typeLabel,
            Tags = tags,
        });

    private void Thing(DeviceKind kind, FormattableString address, string subnet, FormattableString name, string label, string vendor,
        string typeName, string typeLabel) => Make(
        kind,
        FormattableString.Invariant(address),
        subnet,
        new DeviceFacts
        {
            Hostname = FormattableString.Invariant(name),
            Label = label,
            Mac = Mac(0x16, _random),
            Vendor = vendor,
            Os = "Embedded Linux",
            TypeName = typeName,
            TypeLabel = typeLabel,
        });

    private OfficeDevice Make(DeviceKind kind, string address, string subnet, DeviceFacts facts)
    {
        var parsed = IpAddress.Parse(address);
        var device = new OfficeDevice(_builder.Address(parsed), kind, parsed, facts);
        var range = AddressRange.Around(parsed, parsed.IsIPv4 ? 24 : 64);
        _subnets.TryAdd(range.Network, (range, subnet));
        _facts.Add(parsed, facts);
        _devices.Add(device);
        return device;
    }

    private static void Several(int count, Action<int> make)
    {
        for (var i = 1; i <= count; i++)
        {
            make(i);
        }
    }

    private static string Number(ulong value) => (value % 0xffffff).ToString("x6", CultureInfo.InvariantCulture);

    // Locally administered addresses: no maker owns them.
    private static string Mac(byte first, SplitMix random)
    {
        var bits = random.Next();
        return string.Create(CultureInfo.InvariantCulture,
            $"{first:x2}:00:5e:{(byte)bits:x2}:{(byte)(bits >> 8):x2}:{(byte)(bits >> 16):x2}");
    }
}
