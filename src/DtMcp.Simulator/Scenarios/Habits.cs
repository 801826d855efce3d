using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Scenarios;

// What people and machines do: each habit writes one connection. Outside, everybody takes far more than they give, or as much; what is
// regular goes to hosts that many use. So nothing here looks like an incident.
internal sealed class Habits(OfficePlan plan, RecordBuilder recordBuilder, SplitMix random)
{
    private readonly OfficeSites _sites = plan.Sites;
    private readonly OfficeDevice[] _controllers = plan.Of(DeviceKind.Controller);
    private readonly OfficeDevice[] _fileServers = plan.Of(DeviceKind.FileServer);
    private readonly OfficeDevice[] _mailServers = plan.Of(DeviceKind.MailServer);
    private readonly OfficeDevice[] _printers = plan.Of(DeviceKind.Printer);
    private readonly OfficeDevice[] _phones = plan.Of(DeviceKind.Phone);
    private readonly OfficeDevice[] _people = plan.Of(DeviceKind.Workstation);
    private readonly OfficeDevice[] _twins = plan.Twins();
    private readonly OfficeDevice[] _roamers = [.. plan.Twins().Where(twin => twin.Kind is DeviceKind.Workstation)];
    private readonly OfficeDevice[] _recorders = plan.Of(DeviceKind.Recorder);
    private readonly OfficeDevice[] _hubs = plan.Of(DeviceKind.Hub);
    private readonly OfficeDevice _exchange = plan.Of(DeviceKind.Exchange)[0];
    private readonly OfficeDevice _web = plan.Of(DeviceKind.WebServer)[0];
    private readonly OfficeDevice _vpn = plan.Of(DeviceKind.VpnGateway)[0];
    private readonly OfficeDevice _administration = plan.Of(DeviceKind.Administration)[0];
    private readonly OfficeDevice _backup = plan.Of(DeviceKind.BackupServer)[0];
    private readonly ushort _dns = recordBuilder.Service("dns");
    private readonly ushort _https = recordBuilder.Service("ssl");
    private readonly ushort _http = recordBuilder.Service("http");
    private readonly ushort _quic = recordBuilder.Service("quic");
    private readonly ushort _kerberos = recordBuilder.Service("kerberos");
    private readonly ushort _ldap = recordBuilder.Service("ldap");
    private readonly ushort _smb = recordBuilder.Service("smb");
    private readonly ushort _ntp = recordBuilder.Service("ntp");
    private readonly ushort _smtp = recordBuilder.Service("smtp");
    private readonly ushort _imap = recordBuilder.Service("imap");
    private readonly ushort _sip = recordBuilder.Service("sip");
    private readonly ushort _rtp = recordBuilder.Service("rtp");
    private readonly ushort _rtsp = recordBuilder.Service("rtsp");
    private readonly ushort _dhcp = recordBuilder.Service("dhcp");
    private readonly ushort _rpc = recordBuilder.Service("dce_rpc");
    private readonly ushort _rdp = recordBuilder.Service("rdp");
    private readonly ushort _ssh = recordBuilder.Service("ssh");
    private readonly ushort _mdns = recordBuilder.Service("mdns");
    private readonly ushort _ipp = recordBuilder.Service("ipp");
    private readonly ushort _stun = recordBuilder.Service("stun");
    private readonly int _allHosts = recordBuilder.Address("255.255.255.255");
    private readonly int _noAddress = recordBuilder.Address("0.0.0.0");
    private readonly int _mdnsGroup = recordBuilder.Address("224.0.0.251");
    private readonly int _mdnsGroup6 = recordBuilder.Address("ff02::fb");
    private readonly int _dhcpGroup6 = recordBuilder.Address("ff02::1:2");
    private readonly int _routers6 = recordBuilder.Address("ff02::2");
    private readonly Dictionary<int, int> _linkLocal = plan.Of(DeviceKind.Workstation).Select((device, i) => (device.Index, i))
        .ToDictionary(pair => pair.Index,
            pair => recordBuilder.Address(FormattableString.Invariant($"fe80::5e:{pair.i + 1:x}:{(pair.i * 7919 % 0xffff) + 1:x}")));

    public void Lookup(OfficeDevice device, long at) =>
        recordBuilder.Udp(at, device.Index, Served(_controllers, device).Index, 53, _dns, random.Between(0.0004, 0.03),
            random.Between(32, 70), random.Between(60, 380));

    public void Saas(OfficeDevice device, long at) => Fetch(device, _sites.Saas[random.Skewed(_sites.Saas.Length, 1.7)], at);

    public void Cdn(OfficeDevice device, long at) => Fetch(device, _sites.Cdn[random.Skewed(_sites.Cdn.Length, 1.5)], at);

    public void Browse(OfficeDevice device, long at) => Fetch(device, _sites.Web[random.Skewed(_sites.Web.Length, 1.6)], at);

    /// <summary>One connection with a host outside as hosts of its kind have it.</summary>
    public void Visit(Site site, long at)
    {
        switch (site.Kind)
        {
            case SiteKind.Time:
                Clock(Any(_phones), site, at);
                break;
            case SiteKind.Update:
                Update(Any(_people), site, at);
                break;
            case SiteKind.Call:
                Meeting(Any(_people), site, at, minutes: random.Between(2.0, 6.0));
                break;
            case SiteKind.Relay:
                SendMail(Any(_mailServers), site, at);
                ReceiveMail(Any(_mailServers), site, at + random.Between(60_000, 3_000_000));
                break;
            case SiteKind.Visitor:
                Welcome(site, at);
                break;
            case SiteKind.RemoteWorker:
                RemoteWork(site, at);
                break;
            case SiteKind.Resolver:
                Resolve(Any(_controllers), site, at);
                break;
            default:
                Fetch(Any(_people), site, at);
                break;
        }
    }

    public void Fetch(OfficeDevice device, Site site, long at)
    {
        device = device.Address.IsIPv4 == site.Address.IsIPv4 ? device : Any(_roamers);
        if (site.Address.IsIPv4 && random.Chance(0.015))
        {
            Fail(device, site, at);
            return;
        }

        var (median, sigma, cap) = site.Kind switch
        {
            SiteKind.Saas => (24_000.0, 1.5, 40_000_000L),
            SiteKind.Cdn => (180_000.0, 1.7, 120_000_000L),
            _ => (36_000.0, 1.5, 30_000_000L),
        };
        var received = 900 + random.Bytes(median, sigma, cap);
        var sent = Math.Min(600 + random.Bytes(1_800, 0.8, 400_000), received);
        var seconds = 0.1 + (received / 2_000_000.0) + random.LogNormal(4, 1.2);
        if (site.Kind is SiteKind.Cdn && random.Chance(0.25))
        {
            recordBuilder.Udp(at, device.Index, site.Index, 443, _quic, Math.Min(seconds, 900), sent, received);
        }
        else if (site.Kind is SiteKind.Web && random.Chance(0.08))
        {
            recordBuilder.Tcp(at, device.Index, site.Index, 80, _http, Math.Min(seconds, 900), sent, received);
        }
        else
        {
            recordBuilder.Tcp(at, device.Index, site.Index, 443, _https, Math.Min(seconds, 900), sent, received,
                random.Chance(0.06) ? ConnState.RSTO : ConnState.SF);
        }
    }

    public void Clock(OfficeDevice device, Site site, long at) =>
        recordBuilder.Udp(at, device.Index, site.Index, 123, _ntp, random.Between(0.008, 0.06), 48, 48, 123);

    public void OfficeClock(OfficeDevice device, long at) =>
        recordBuilder.Udp(at, device.Index, Served(_controllers, device).Index, 123, _ntp, random.Between(0.0003, 0.002), 48, 48, 123);

    public void Update(OfficeDevice device, Site site, long at) =>
        recordBuilder.Tcp(at, device.Index, site.Index, 443, _https, random.Between(0.2, 2.5), random.Between(700, 1_100),
            1_500 + random.Bytes(3_000, 1.2, 20_000_000));

    public void Meet(OfficeDevice device, long at) =>
        Meeting(device, _sites.Calls[random.Skewed(_sites.Calls.Length, 1.1)], at, random.Between(3.0, 32.0));

    public void Logon(OfficeDevice device, long at) =>
        recordBuilder.Tcp(at, device.Index, Served(_controllers, device).Index, 88, _kerberos, random.Between(0.002, 0.03),
            random.Between(1_400, 2_400), random.Between(1_500, 3_000));

    public void Directory(OfficeDevice device, long at) =>
        recordBuilder.Tcp(at, device.Index, Served(_controllers, device).Index, 389, _ldap, random.Between(0.01, 3.0),
            random.Between(1_200, 6_000), random.Between(2_000, 40_000));

    public void Policy(OfficeDevice device, long at) =>
        recordBuilder.Tcp(at, device.Index, Served(_controllers, device).Index, random.Chance(0.5) ? 135 : 49_155, _rpc,
            random.Between(0.01, 1.0), random.Between(400, 3_000), random.Between(400, 4_000));

    public void Files(OfficeDevice device, long at)
    {
        var writes = random.Chance(0.3);
        var (small, large) = (2_000 + random.Bytes(9_000, 0.8, 400_000), 4_000 + random.Bytes(600_000, 1.9, 900_000_000));
        recordBuilder.Tcp(at, device.Index, Served(_fileServers, device).Index, 445, _smb, random.Between(1.0, 900.0),
            writes ? large : small, writes ? small : large);
    }

    public void Mail(OfficeDevice device, long at)
    {
        var server = Served(_mailServers, device).Index;
        if (random.Chance(0.2))
        {
            recordBuilder.Tcp(at, device.Index, server, 587, _smtp, random.Between(0.3, 6.0), 3_000 + random.Bytes(40_000, 1.5, 25_000_000),
                random.Between(800, 1_600));
        }
        else
        {
            recordBuilder.Tcp(at, device.Index, server, 993, _imap, random.Between(0.5, 1_500.0), random.Between(900, 4_000),
                2_000 + random.Bytes(30_000, 1.5, 25_000_000));
        }
    }

    public void Print(OfficeDevice device, long at) =>
        recordBuilder.Tcp(at, device.Index, Any(_printers).Index, 631, _ipp, random.Between(0.5, 40.0),
            10_000 + random.Bytes(300_000, 1.2, 80_000_000), random.Between(600, 2_000));

    public void SendMail(OfficeDevice server, long at) => SendMail(server, Any(_sites.Relays), at);

    public void ReceiveMail(OfficeDevice server, long at) => ReceiveMail(server, Any(_sites.Relays), at);

    public void Resolve(OfficeDevice controller, long at) => Resolve(controller, Any(_sites.Resolvers), at);

    public void Welcome(OfficeDevice server, long at) => Welcome(_sites.Visitors[random.Skewed(_sites.Visitors.Length, 1.3)], at);

    public void RemoteWork(OfficeDevice gateway, long at) => RemoteWork(Any(_sites.RemoteWorkers), at);

    public void Register(OfficeDevice phone, long at) =>
        recordBuilder.Udp(at, phone.Index, _exchange.Index, 5060, _sip, random.Between(0.002, 0.02), random.Between(480, 560),
            random.Between(380, 460), 5060);

    public void Telephone(OfficeDevice phone, long at)
    {
        var other = Any(_phones);
        Speak(phone, other.Index == phone.Index ? _exchange : other, at, random.Between(20.0, 900.0));
    }

    public void Record(OfficeDevice camera, long at)
    {
        var seconds = random.Between(1_080.0, 1_500.0);
        recordBuilder.Tcp(at, Served(_recorders, camera).Index, camera.Index, 554, _rtsp, seconds, random.Between(20_000, 40_000),
            (long)(seconds * random.Between(90_000, 160_000)));
    }

    public void Sense(OfficeDevice sensor, long at) =>
        recordBuilder.Tcp(at, Served(_hubs, sensor).Index, sensor.Index, 8883, 0, random.Between(0.1, 2.0), random.Between(200, 400),
            random.Between(300, 900));

    public void Monitor(OfficeDevice server, long at)
    {
        var target = Any(random.Chance(0.5) ? _fileServers : _controllers);
        recordBuilder.Icmp(at, server.Index, target.Index, random.Between(1, 4));
    }

    public void Administer(OfficeDevice server, long at)
    {
        var target = Any(random.Chance(0.6) ? _fileServers : _mailServers).Index;
        if (random.Chance(0.5))
        {
            recordBuilder.Tcp(at, server.Index, target, 3389, _rdp, random.Between(60.0, 1_500.0), random.Bytes(400_000, 1, 9_000_000),
                random.Bytes(5_000_000, 1, 90_000_000));
        }
        else
        {
            recordBuilder.Tcp(at, server.Index, target, 22, _ssh, random.Between(5.0, 900.0), random.Bytes(8_000, 1, 900_000),
                random.Bytes(20_000, 1, 3_000_000));
        }
    }

    public void BackUp(OfficeDevice server, long at)
    {
        var seconds = random.Between(400.0, 1_500.0);
        var rate = server.Kind is DeviceKind.FileServer ? 6_000_000 : 700_000;
        recordBuilder.Tcp(at, server.Index, _backup.Index, 10_051, 0, seconds, (long)(seconds * random.Between(0.7, 1.1) * rate),
            random.Between(200_000, 900_000));
    }

    public void Lease(OfficeDevice device, long at) =>
        recordBuilder.Udp(at, _noAddress, _allHosts, 67, _dhcp, random.Between(0.01, 0.4), random.Between(300, 600),
            random.Between(300, 600), 68);

    public void Announce(OfficeDevice device, long at)
    {
        if (random.Chance(0.5))
        {
            recordBuilder.Udp(at, device.Index, _mdnsGroup, 5353, _mdns, random.Between(0.1, 3.0), random.Between(60, 700), 0, 5353);
        }
        else
        {
            recordBuilder.Udp(at, LinkLocal(device), _mdnsGroup6, 5353, _mdns, random.Between(0.1, 3.0), random.Between(60, 700), 0, 5353);
        }
    }

    /// <summary>IPv6 on the link: each machine asks for routers and, now and then, for an address.</summary>
    public void LinkChatter(OfficeDevice device, long at)
    {
        if (random.Chance(0.5))
        {
            recordBuilder.Icmp(at, LinkLocal(device), _routers6, 1, answered: false);
        }
        else
        {
            recordBuilder.Udp(at, LinkLocal(device), _dhcpGroup6, 547, _dhcp, random.Between(0.1, 2.0), random.Between(90, 180), 0, 546);
        }
    }

    public void Share(OfficeDevice device, long at)
    {
        Offer(OtherThan(device), device, at);
    }

    /// <summary>A neighbour comes to a device as neighbours come to its kind.</summary>
    public void Call(OfficeDevice device, long at)
    {
        switch (device.Kind)
        {
            case DeviceKind.Camera:
                Record(device, at);
                break;
            case DeviceKind.Sensor:
                Sense(device, at);
                break;
            case DeviceKind.Phone:
                Speak(_exchange, device, at, random.Between(20.0, 200.0));
                break;
            case DeviceKind.Printer:
                recordBuilder.Tcp(at, Any(_people).Index, device.Index, 631, _ipp, random.Between(0.5, 40.0),
                    10_000 + random.Bytes(300_000, 1.2, 80_000_000), random.Between(600, 2_000));
                break;
            case DeviceKind.Workstation when device.Address.IsIPv4:
                Offer(device, OtherThan(device), at);
                break;
            default:
                recordBuilder.Icmp(at,
                    _administration.Index == device.Index
                        ? _controllers[0].Index
                        : device.Address.IsIPv4
                        ? _administration.Index
                        : TwinOf(device), device.Index, random.Between(1, 4));
                break;
        }
    }

    /// <summary>A device goes out as its kind does.</summary>
    public void Go(OfficeDevice device, long at)
    {
        if (device.Address.IsIPv4)
        {
            Lookup(device, at);
        }
        else
        {
            Six(device, at);
        }
    }

    /// <summary>IPv6 inside the office.</summary>
    public void Six(OfficeDevice device, long at) =>
        recordBuilder.Udp(at, device.Index, TwinOf(device), 53, _dns, random.Between(0.0004, 0.03), random.Between(32, 70),
            random.Between(80, 420));

    private void Fail(OfficeDevice device, Site site, long at)
    {
        if (random.Chance(0.6))
        {
            recordBuilder.Unanswered(at, device.Index, site.Index, 443);
        }
        else
        {
            recordBuilder.Refused(at, device.Index, site.Index, 443);
        }
    }

    private void Meeting(OfficeDevice device, Site site, long at, double minutes)
    {
        var seconds = minutes * 60;
        recordBuilder.Udp(at, device.Index, site.Index, 3478, _stun, seconds, (long)(seconds * random.Between(26_000, 38_000)),
            (long)(seconds * random.Between(46_000, 64_000)));
    }

    private void SendMail(OfficeDevice server, Site relay, long at) =>
        recordBuilder.Tcp(at, server.Index, relay.Index, 25, _smtp, random.Between(0.5, 8.0), 2_500 + random.Bytes(30_000, 1.2, 3_000_000),
            random.Between(700, 1_500));

    private void ReceiveMail(OfficeDevice server, Site relay, long at) =>
        recordBuilder.Tcp(at, relay.Index, server.Index, 25, _smtp, random.Between(0.5, 8.0), 2_500 + random.Bytes(40_000, 1.3, 9_000_000),
            random.Between(700, 1_500));

    private void Resolve(OfficeDevice controller, Site resolver, long at) =>
        recordBuilder.Udp(at, controller.Index, resolver.Index, 53, _dns, random.Between(0.008, 0.09), random.Between(40, 80),
            random.Between(90, 420));

    private void Welcome(Site visitor, long at)
    {
        if (random.Chance(0.02))
        {
            recordBuilder.Unanswered(at, visitor.Index, _web.Index, 443);
            return;
        }

        recordBuilder.Tcp(at, visitor.Index, _web.Index, 443, _https, random.Between(0.2, 40.0), 700 + random.Bytes(1_200, 0.8, 90_000),
            3_000 + random.Bytes(30_000, 1.1, 900_000));
    }

    private void RemoteWork(Site home, long at)
    {
        var seconds = random.Between(300.0, 1_800.0);
        recordBuilder.Udp(at, home.Index, _vpn.Index, 1194, 0, seconds, (long)(seconds * random.Between(4_000, 9_000)),
            (long)(seconds * random.Between(4_000, 9_000)));
    }

    private void Speak(OfficeDevice from, OfficeDevice to, long at, double seconds) =>
        recordBuilder.Udp(at, from.Index, to.Index, 16_384, _rtp, seconds, (long)(seconds * random.Between(7_800, 8_200)),
            (long)(seconds * random.Between(7_800, 8_200)), 16_384);

    // Updates go from neighbour to neighbour too.
    private void Offer(OfficeDevice holder, OfficeDevice asking, long at) =>
        recordBuilder.Tcp(at, asking.Index, holder.Index, 7_680, 0, random.Between(0.2, 20.0), random.Between(900, 9_000),
            2_000 + random.Bytes(900_000, 1.4, 60_000_000));

    private OfficeDevice OtherThan(OfficeDevice device)
    {
        var place = random.Below(_people.Length);
        return _people[place].Index == device.Index ? _people[(place + 1) % _people.Length] : _people[place];
    }

    private int TwinOf(OfficeDevice device) => _twins[0].Index == device.Index ? _twins[1].Index : _twins[0].Index;

    private int LinkLocal(OfficeDevice device) => _linkLocal.GetValueOrDefault(device.Index, device.Index);

    // A client keeps to its server.
    private static OfficeDevice Served(OfficeDevice[] servers, OfficeDevice client) => servers[client.Index % servers.Length];

    private T Any<T>(T[] items) => items[random.Below(items.Length)];
}
