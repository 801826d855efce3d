namespace DtMcp.Hunts.Planted;

/// <summary>
/// What other offices have beside: things with a resolver built in, developers, clouds that files are kept in, visitors, replicas and
/// balancers, machines that send mail or fetch backups from all. Nothing is planted.
/// </summary>
internal sealed class Branch(int seed, Office office)
{
    private const long Hour = 3_600_000;
    private const long Minute = 60_000;

    private readonly Random _random = Chance.Of(seed + 7_000_003);
    private int _day;

    /// <summary>Writes one day.</summary>
    public void Live(Rows rows, long from)
    {
        _day++;
        Things(rows, from);
        Developers(rows, from);
        Clouds(rows, from);
        Visitor(rows, from);
        Machines(rows, from);
        Mail(rows, from);
        Support(rows, from);
    }

    private string Someone(int number) => office.Devices[number % office.Devices.Count];

    private void Every(long from, double hours, double period, double jitter, Action<double> beat)
    {
        for (var at = from + _random.Between(0, period); at < from + (hours * Hour); at += period * (1 + _random.Between(-jitter, jitter)))
        {
            beat(at + _random.Exponential(40));
        }
    }

    // A camera that asks a public resolver for one name and uploads clips, a set that asks for news, plugs on MQTT.
    private void Things(Rows rows, long from)
    {
        Every(from, 24, 30_000, 0.01, at => rows.Udp(at, "10.1.7.1", "9.9.9.9", 53, 36, 52));
        for (var at = (double)from; at < from + (24.0 * Hour); at += _random.Exponential(2 * Hour))
        {
            rows.Tcp(at, "10.1.7.1", "198.18.20.1", 443, _random.LogNormal(3_000_000, 0.5), 9_000, 20);
        }

        for (var plug = 0; plug < 5; plug++)
        {
            rows.Tcp(from + (plug * 900), $"10.1.7.{10 + plug}", "198.18.20.2", 8883, 90_000, 120_000, 86_000);
        }

        Every(from, 24, 10 * Minute, 0.1, at => rows.Tcp(at, "10.1.7.3", $"198.18.20.{3 + _random.Next(4)}", 443, 900,
            _random.LogNormal(40_000, 1), 2));
    }

    // Git and shells over SSH, a registry of images, a debugger on a server.
    private void Developers(Rows rows, long from)
    {
        for (var developer = 0; developer < 6; developer++)
        {
            for (var at = from + (9.0 * Hour); at < from + (18 * Hour); at += _random.Exponential(40 * Minute))
            {
                rows.Tcp(at, Someone(20 + developer), "198.18.21.1", 22, _random.LogNormal(9_000, 1.5), _random.LogNormal(40_000, 1.5),
                    4);
            }

            rows.Tcp(from + (10.0 * Hour) + _random.Between(0, 3 * Hour), Someone(20 + developer), "198.18.21.9", 22, 300_000, 2_000_000,
                _random.Between(2_000, 12_000));
        }

        rows.Tcp(from + (15.0 * Hour) + _random.Between(0, Hour), Someone(21), "198.18.21.2", 443, _random.LogNormal(300_000_000, 0.3),
            90_000, 200);
        for (var session = 0; session < 3; session++)
        {
            rows.Tcp(from + _random.Between(9 * Hour, 17 * Hour), Someone(22), "10.1.0.8", 22, 90_000, 700_000, 1_500);
        }
    }

    // Files that many keep in one cloud, and pictures that one sends each day.
    private void Clouds(Rows rows, long from)
    {
        for (var person = 0; person < 25; person++)
        {
            for (var at = from + _random.Between(9 * Hour, 12 * Hour); at < from + (17 * Hour); at += _random.Exponential(3 * Hour))
            {
                rows.Tcp(at, Someone(30 + person), $"198.18.22.{1 + _random.Next(8)}", 443, _random.LogNormal(2_000_000, 1.2), 30_000, 30);
            }
        }

        rows.Tcp(from + (16.0 * Hour) + _random.Between(0, Hour), Someone(3), "198.18.22.100", 443, _random.LogNormal(60_000_000, 0.3),
            90_000, 300);
    }

    // Someone else's machine each day, that looks at a few pages.
    private void Visitor(Rows rows, long from)
    {
        for (var at = from + (10.0 * Hour); at < from + (16 * Hour); at += _random.Exponential(15 * Minute))
        {
            rows.Tcp(at, $"10.1.6.{10 + _day}", $"203.0.{_random.Zipf(150)}.{1 + _random.Next(20)}", 443, _random.LogNormal(2_500, 0.8),
                _random.LogNormal(30_000, 1.5), 5);
        }
    }

    // A balancer that checks its two web servers, a replica, a backup that fetches from all servers at night.
    private void Machines(Rows rows, long from)
    {
        Every(from, 24, 5_000, 0.001, at => rows.Tcp(at, "10.1.5.1", "10.1.5.2", 8_080, 120, 340, 0.01));
        Every(from, 24, 5_000, 0.001, at => rows.Tcp(at, "10.1.5.1", "10.1.5.3", 8_080, 120, 340, 0.01));
        Every(from, 24, 30_000, 0.01, at => rows.Tcp(at, "10.1.5.4", "10.1.5.5", 5_432, 900 + _random.Next(40), 4_000, 0.1));
        for (var server = 1; server <= 9; server++)
        {
            rows.Tcp(from + ((1 + (server * 0.4)) * Hour), "10.1.5.9", $"10.1.0.{server}", 445, 900_000, 2e9, 900);
            rows.Tcp(from + ((1 + (server * 0.4)) * Hour) - 900, "10.1.5.9", $"10.1.0.{server}", 135, 900, 700, 2);
        }
    }

    // A shop that writes to its customers in the morning, and a printer that sends what it reads.
    private void Mail(Rows rows, long from)
    {
        for (var customer = 0; customer < 15; customer++)
        {
            rows.Tcp(from + (8.0 * Hour) + (customer * 9_000), "10.1.0.7", $"198.19.{100 + _random.Next(100)}.25", 25, 30_000, 900, 2);
        }

        for (var page = 0; page < 12; page++)
        {
            rows.Tcp(from + _random.Between(9 * Hour, 17 * Hour), "10.1.9.1", "198.18.23.1", 587, _random.LogNormal(1_500_000, 0.8), 3_000,
                9);
        }
    }

    // A helper's session on one machine, a tunnel to a partner, a call that takes the afternoon.
    private void Support(Rows rows, long from)
    {
        rows.Tcp(from + _random.Between(9 * Hour, 15 * Hour), Someone(_random.Next(90)), "198.18.24.1", 5_938, 9_000_000, 4_000_000, 3_000);
        rows.Udp(from + 1_000, "10.1.5.20", "198.18.24.2", 4_500, 400_000_000, 500_000_000, 86_000);
        rows.Tcp(from + (12.0 * Hour), Someone(41), "198.18.24.3", 443, 90_000_000, 200_000_000, 16_000);
    }
}
