using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Scenarios;

// What is not ordinary, all of it in the last 24 hours. The rare hosts of the beacon, the upload and the administration ports were fetched
// from once on the day before, lightly: so only the new device and its destination are new.
internal sealed class Incidents
{
    private const int Hour = 3_600_000;
    private const int LastDay = 0;
    private const int DayBefore = 1;

    private static readonly int[] ScannedPorts =
    [
        21, 22, 23, 25, 53, 80, 81, 88, 110, 111, 113, 119, 135, 139, 143, 161, 179, 199, 264, 389, 427, 443, 445, 465, 512, 513, 514, 515,
        548, 554, 587, 593, 623, 631, 636, 646, 691, 749, 765, 777, 843, 873, 902, 912,
        990, 993, 995, 1025, 1026, 1027, 1080, 1099, 1194, 1352, 1433, 1434, 1521, 1700, 1720, 1723, 1755, 1812, 1883, 1900, 2000, 2049,
        2082, 2083, 2121, 2181, 2222, 2375, 2379, 2483, 3000, 3128, 3260, 3268, 3306, 3389,
        3690, 4000, 4333, 4444, 4567, 4848, 5000, 5060, 5432, 5555, 5601, 5672, 5900, 5985, 5986, 6000, 6379, 6443, 6667, 7001, 7070, 7547,
        7777, 8000, 8008, 8080, 8081, 8086, 8443, 8500, 8834, 8888, 9000, 9042, 9090,
        9100, 9200, 9418, 9999, 10000, 11211, 15672, 27017, 32768, 49152, 50000,
    ];

    private readonly OfficePlan _plan;
    private readonly RecordBuilder _recordBuilder;
    private readonly SplitMix _random;
    private readonly OfficeDevice[] _suspects;
    private readonly ushort _https;
    private readonly int _uploadParts;

    public Incidents(OfficePlan plan, RecordBuilder recordBuilder, SplitMix random)
    {
        (_plan, _recordBuilder, _random) = (plan, recordBuilder, random);
        _suspects = plan.Of(DeviceKind.Workstation);
        random.Shuffle(_suspects.AsSpan());
        _https = recordBuilder.Service("ssl");
        _uploadParts = random.Between(26, 38);
    }

    /// <summary>Connections that <see cref="PlantUpload"/> will write.</summary>
    public int UploadConnections => _uploadParts + (_recordBuilder.Days.Count > DayBefore ? 1 : 0);

    private long DayStart => _recordBuilder.Days.StartOf(LastDay);

    public Incident PlantBeacon()
    {
        var (device, host) = (_suspects[0], _plan.Sites.AddRare(0, "sync.graypelican.test"));
        Preview(device, host);
        return Record(device, host.Address, host.Info.Hostname!, 443, note =>
        {
            var period = _random.Between(285_000.0, 315_000.0);
            var at = DayStart + (2 * Hour) + _random.Between(0, Hour);
            for (var beats = _random.Between(150, 190); beats > 0; beats--)
            {
                var next = at + (long)(period * _random.Between(-0.1, 0.1));
                if (!_random.Chance(0.03))
                {
                    note(next);
                    _recordBuilder.Tcp(next, device.Index, host.Index, 443, _https, _random.Between(0.2, 1.4), _random.Between(480, 620),
                        _random.Between(240, 420));
                }

                at += (long)period;
            }
        });
    }

    /// <summary>Comes last: it is to be the first by bytes among all hosts outside.</summary>
    public Incident PlantUpload()
    {
        var (device, host) = (_suspects[1], _plan.Sites.AddRare(1, "drop.coldharbor.example.net"));
        Preview(device, host);
        var busiest = 0L;
        foreach (var site in _plan.Sites.Ordinary)
        {
            busiest = Math.Max(busiest, _recordBuilder.BytesOf(site));
        }

        var total = Math.Max(_random.Between(3.2e9, 4.8e9), 1.5 * busiest);
        return Record(device, host.Address, host.Info.Hostname!, 443, note =>
        {
            var (from, to) = LastNight();
            for (var part = 0; part < _uploadParts; part++)
            {
                var at = from + (long)(_random.Unit() * (to - from));
                note(at);
                var sent = (long)(total / _uploadParts * _random.Between(0.85, 1.15));
                _recordBuilder.Tcp(at, device.Index, host.Index, 443, _https, _random.Between(40.0, 220.0), sent, sent / 300);
            }
        });
    }

    public Incident PlantScan()
    {
        var device = _suspects[2];
        var victim = _plan.Of(DeviceKind.FileServer)[0];
        OfficeDevice[] neighbours = [.. _plan.Devices.Where(other => other.Address.IsIPv4 && other.Index != device.Index)];
        _random.Shuffle(neighbours.AsSpan());
        neighbours = neighbours[..Math.Min(neighbours.Length, 400)];
        return Record(device, victim.Address, victim.Name, 445, note =>
        {
            var at = _recordBuilder.Days.DrawInside(LastDay, DayCurve.Office, _random);
            foreach (var neighbour in neighbours)
            {
                at += _random.Between(120, 900);
                note(at);
                Try(device, neighbour, 445, at, open: neighbour.Kind is DeviceKind.FileServer);
            }

            at += _random.Between(20_000, 60_000);
            foreach (var port in ScannedPorts)
            {
                at += _random.Between(80, 600);
                note(at);
                Try(device, victim, port, at, open: port is 445);
            }
        });
    }

    public Incident PlantRemoteDesktop()
    {
        var (device, host) = (_suspects[3], _plan.Sites.AddRare(2, "rds.saltmarsh.example.org"));
        Preview(device, host);
        return Sessions(device, host, 3389, _recordBuilder.Service("rdp"), _random.Between(2, 4), () => _random.Between(240.0, 1_700.0),
            perSecond: (900, 7_000));
    }

    public Incident PlantFileSharing()
    {
        var (device, host) = (_suspects[4], _plan.Sites.AddRare(3, "share.lowtide.test"));
        Preview(device, host);
        return Sessions(device, host, 445, _recordBuilder.Service("smb"), _random.Between(2, 5), () => _random.Between(20.0, 300.0),
            perSecond: (1_500, 9_000));
    }

    public Incident PlantNewDevice()
    {
        var (device, host) = (_plan.AddStranger(), _plan.Sites.AddRare(4, "welcome.firstlight.example.com"));
        var controller = _plan.Of(DeviceKind.Controller)[0];
        return Record(device, host.Address, host.Info.Hostname!, 443, note =>
        {
            var at = _recordBuilder.Days.DrawInside(LastDay, DayCurve.Office, _random);
            var end = _recordBuilder.Days.EndMs - Hour;
            for (var i = 0; i < 14 && at < end; i++)
            {
                _recordBuilder.Udp(at, device.Index, controller.Index, 53, _recordBuilder.Service("dns"), 0.01, _random.Between(32, 60),
                    _random.Between(80, 300));
                var site = _plan.Sites.Saas[_random.Below(_plan.Sites.Saas.Length)];
                _recordBuilder.Tcp(at + 40, device.Index, site.Index, 443, _https, _random.Between(0.5, 20.0), _random.Between(900, 4_000),
                    _random.Between(5_000, 400_000));
                if (i is 0 || _random.Chance(0.5))
                {
                    note(at + 900);
                    _recordBuilder.Tcp(at + 900, device.Index, host.Index, 443, _https, _random.Between(0.5, 20.0),
                        _random.Between(900, 6_000), _random.Between(9_000, 900_000));
                }

                at += (long)Math.Min(_random.LogNormal(240_000, 1.1), 2 * Hour);
            }
        });
    }

    private Incident Sessions(OfficeDevice device, Site host, int port, ushort service, int times, Func<double> seconds,
        (double Sent, double Received) perSecond) =>
        Record(device, host.Address, host.Info.Hostname!, port, note =>
        {
            for (var i = 0; i < times; i++)
            {
                var at = _recordBuilder.Days.DrawInside(LastDay, DayCurve.Office, _random);
                var length = seconds();
                note(at);
                _recordBuilder.Tcp(at, device.Index, host.Index, port, service, length, 2_000 + (long)(length * perSecond.Sent),
                    4_000 + (long)(length * perSecond.Received));
            }
        });

    private void Try(OfficeDevice source, OfficeDevice target, int port, long at, bool open)
    {
        if (open)
        {
            _recordBuilder.Tcp(at, source.Index, target.Index, port, 0, _random.Between(0.001, 0.01), 0, 0, ConnState.RSTO);
        }
        else if (_random.Chance(0.55))
        {
            _recordBuilder.Refused(at, source.Index, target.Index, port);
        }
        else
        {
            _recordBuilder.Unanswered(at, source.Index, target.Index, port);
        }
    }

    // A page was opened there once, the day before.
    private void Preview(OfficeDevice device, Site host)
    {
        if (_recordBuilder.Days.Count > DayBefore)
        {
            _recordBuilder.Tcp(_recordBuilder.Days.DrawInside(DayBefore, DayCurve.Office, _random), device.Index, host.Index, 443, _https,
                _random.Between(0.3, 3.0), _random.Between(700, 1_500), _random.Between(4_000, 30_000));
        }
    }

    // One to four in the morning (UTC), as much of it as the last 24 hours hold in one piece.
    private (long From, long To) LastNight()
    {
        var (first, last) = (DayStart + 1, _recordBuilder.Days.EndMs - 1);
        var midnight = last - (last % OfficeDays.DayMs);
        var nights = new[]
        {
            midnight,
            midnight - OfficeDays.DayMs,
        }.Select(day => (From: Math.Max(day + Hour, first), To: Math.Min(day + (4 * Hour), last)));
        return nights.MaxBy(night => night.To - night.From);
    }

    private Incident Record(OfficeDevice device, IpAddress peerAddress, string peerName, int port, Action<Action<long>> write)
    {
        var (first, last, connections, bytes) = (long.MaxValue, long.MinValue, 0, _recordBuilder.Bytes);
        write(at => (first, last, connections) = (Math.Min(first, at), Math.Max(last, at), connections + 1));
        return new Incident(device.Address, device.Name, peerAddress, peerName, port, first, last, connections,
            _recordBuilder.Bytes - bytes);
    }
}
