namespace DtMcp.Hunts.Planted;

/// <summary>
/// An office that looks like one, day after day, for a number of people's devices: browsers, updaters, telemetry, push channels, time,
/// names, logins, files, backups, video calls, telephones, printers, monitoring, a vulnerability scanner, mail, an administrator, a
/// public server and the noise of the Internet at its door. Nothing is planted in it.
/// </summary>
internal sealed class Office
{
    public const long Day = 86_400_000;
    private const long Hour = 3_600_000;
    private const long Minute = 60_000;

    private const string Directory = "10.1.0.1";
    private const string Files = "10.1.0.2";
    private const string Mail = "10.1.0.3";
    private const string Monitor = "10.1.0.4";
    private const string Scanner = "10.1.0.5";
    private const string PrintServer = "10.1.0.6";
    private const string Web = "10.1.0.7";
    private const int Sites = 400;

    private readonly Random _random;
    private readonly Person[] _people;
    private readonly List<string> _servers = [Directory, Files, Mail, Monitor, PrintServer, Web, "10.1.0.8", "10.1.0.9"];

    public Office(int seed, int people)
    {
        _random = Chance.Of(seed);
        _people = [.. Enumerable.Range(0, people).Select(i => new Person(
            $"10.1.{1 + (i / 200)}.{1 + (i % 200)}", i, _random.Between(7, 10.5), _random.Between(15.5, 19), _random.Next(3)))];
    }

    public IReadOnlyList<string> Devices => [.. _people.Select(person => person.Address)];

    /// <summary>Writes one day.</summary>
    /// <param name="rows">What it is added to.</param>
    /// <param name="from">Midnight.</param>
    public void Live(Rows rows, long from)
    {
        foreach (var person in _people)
        {
            if (!_random.Is(0.07))
            {
                Live(rows, person, from);
            }
        }

        Servers(rows, from);
        Telephones(rows, from);
        Door(rows, from);
    }

    private void Live(Rows rows, Person person, long from)
    {
        var (begin, end) = (from + (person.Begins * Hour) + _random.Between(-20 * Minute, 20 * Minute), from + (person.Ends * Hour));
        Login(rows, person, begin);
        Browse(rows, person, begin, end);
        Background(rows, person, begin, end);
        Push(rows, person, begin, end);
        if (_random.Is(0.4))
        {
            Call(rows, person, _random.Between(begin, end - Hour));
        }

        if (_random.Is(0.04))
        {
            OpenTab(rows, person, _random.Between(begin, end - (2 * Hour)));
        }

        if (person.Number % 5 == 0)
        {
            Backup(rows, person, from + (1.5 * Hour));
        }

        if (person.Number == 1)
        {
            Administer(rows, person, begin, end);
        }

        for (var at = begin; at < end; at += _random.Exponential(90 * Minute))
        {
            rows.Tcp(at, person.Address, PrintServer, 9100, _random.LogNormal(200_000, 1), 400, 3);
        }
    }

    private void Login(Rows rows, Person person, double begin)
    {
        for (var i = 0; i < 4; i++)
        {
            var at = begin + (i * 1_500);
            rows.Tcp(at, person.Address, Directory, 88, 1_200, 1_500, 0.1);
            rows.Tcp(at + 300, person.Address, Directory, 389, 3_000, 9_000, 1);
            rows.Tcp(at + 600, person.Address, Directory, 445, 4_000, 6_000, 12);
            rows.Tcp(at + 700, person.Address, Directory, 135, 600, 400, 10);
        }
    }

    private void Browse(Rows rows, Person person, double begin, double end)
    {
        for (var at = begin; at < end; at += _random.Exponential(2.5 * Minute))
        {
            var site = _random.Zipf(Sites);
            var parts = 2 + _random.Next(9);
            for (var part = 0; part < parts; part++)
            {
                var host = part < 3 ? site : _random.Zipf(Sites / 4);
                var start = at + _random.Between(0, 4_000);
                rows.Udp(start - 60, person.Address, Directory, 53, 30 + _random.Next(30), 80 + _random.Next(300));
                rows.Tcp(start, person.Address, Site(host, _random.Next(1 + (host % 3))), 443, _random.LogNormal(2_500, 0.8),
                    _random.LogNormal(30_000, 1.5), _random.LogNormal(8, 1));
            }

            if (_random.Is(0.02))
            {
                rows.Tcp(at + 5_000, person.Address, Site(_random.Next(Sites), 0), 443, _random.LogNormal(900_000, 1), 20_000, 10);
            }

            if (_random.Is(0.1))
            {
                rows.Tcp(at, person.Address, Files, 445, _random.LogNormal(200_000, 2), _random.LogNormal(400_000, 2),
                    _random.LogNormal(60, 1));
            }
        }
    }

    // What programs do by timers: updates, telemetry to one of several addresses, time, mail.
    private void Background(Rows rows, Person person, double begin, double end)
    {
        Every(begin, end, 4 * Hour, 0.1, at => rows.Tcp(at, person.Address, $"198.18.1.{1 + _random.Next(6)}", 443, 2_000,
            _random.LogNormal(20_000, 2), 5));
        Every(begin, end, 15 * Minute, 0.002, at => rows.Tcp(at, person.Address,
            $"198.18.2.{1 + ((person.Number + (int)(at / Hour)) % 4)}", 443,
            2_400 + _random.Next(900), 3_035, 2));
        Every(begin, end, 1_024_000, 0.001, at => rows.Udp(at, person.Address, Directory, 123, 48, 48));
        Every(begin, end, 5 * Minute, 0.02, at => rows.Tcp(at, person.Address, Mail, 443, 1_500, _random.LogNormal(4_000, 1), 2));
        if (person.Vendor == 0)
        {
            Every(begin, end, 60 * Minute, 0.05, at => rows.Tcp(at, person.Address, "198.18.3.9", 443, 700, 5_600, 1));
        }

        if (person.Vendor == 1)
        {
            Every(begin, end, 64_000, 0.01, at => rows.Udp(at, person.Address, $"198.18.4.{1 + (person.Number % 3)}", 123, 48, 48));
        }
    }

    private void Push(Rows rows, Person person, double begin, double end)
    {
        foreach (var (host, port, rate) in new[]
        {
            ($"198.18.5.{1 + (person.Number % 40)}", 443, 0.4), ($"198.18.6.{1 + (person.Number % 30)}", 5228, 0.2),
            ($"198.18.7.{1 + (person.Number % 20)}", 5223, 0.2), ($"198.18.8.{1 + (person.Number % 25)}", 443, 30.0),
        })
        {
            var at = begin + _random.Between(0, 5 * Minute);
            while (at < end)
            {
                var seconds = Math.Min((end - at) / 1_000, _random.LogNormal(3 * 3_600, 0.8));
                rows.Tcp(at, person.Address, host, port, 2_000 + (rate * seconds / 2), 4_000 + (rate * seconds / 2), seconds);
                at += (seconds * 1_000) + _random.Between(2_000, 20_000);
            }
        }
    }

    private void Call(Rows rows, Person person, double at)
    {
        var seconds = _random.Between(600, 4_000);
        rows.Udp(at, person.Address, $"198.18.9.{1 + _random.Next(12)}", 3478, 130_000 * seconds, 150_000 * seconds, seconds);
        rows.Tcp(at, person.Address, $"198.18.9.{1 + _random.Next(12)}", 443, 60_000, 90_000, seconds);
    }

    // A page that fetches news by a timer, of sizes as news are.
    private void OpenTab(Rows rows, Person person, double at)
    {
        var (site, period) = (Site(_random.Zipf(40), 0), _random.Between(20_000, 120_000));
        Every(at, at + _random.Between(Hour, 2 * Hour), period, 0.02,
            beat => rows.Tcp(beat, person.Address, site, 443, 1_100, _random.LogNormal(9_000, 0.9), 1));
    }

    private void Backup(Rows rows, Person person, double at)
    {
        var host = $"198.18.10.{1 + (person.Number % 4)}";
        for (var part = 0; part < 6; part++)
        {
            rows.Tcp(at + (part * 4 * Minute) + _random.Between(0, Minute), person.Address, host, 443, _random.LogNormal(20_000_000,
                0.4), 60_000,
                _random.Between(60, 200));
        }
    }

    private void Administer(Rows rows, Person person, double begin, double end)
    {
        for (var i = 0; i < 6; i++)
        {
            var at = _random.Between(begin, end);
            rows.Tcp(at, person.Address, _servers[i], 3389, 200_000, 4_000_000, _random.Between(100, 1_500));
            rows.Tcp(at + 5_000, person.Address, _servers[(i + 3) % _servers.Count], 22, 20_000, 90_000, _random.Between(60, 900));
        }

        rows.Tcp(_random.Between(begin, end), person.Address, "198.18.11.1", 22, 15_000, 80_000, 700);
    }

    private void Servers(Rows rows, long from)
    {
        var to = from + Day;
        Every(from, to, Minute, 0.01, at =>
        {
            foreach (var server in _servers)
            {
                rows.Udp(at, Monitor, server, 161, 90, 400);
                rows.Tcp(at + 200, Monitor, server, 22, 1_800, 2_400, 0.4);
            }
        });
        Every(from, to, 5 * Minute, 0.005, at =>
        {
            for (var printer = 0; printer < 12; printer++)
            {
                rows.Udp(at, PrintServer, $"10.1.9.{1 + printer}", 161, 80, 300);
            }
        });
        for (var at = (double)from; at < to; at += _random.Exponential(4_000))
        {
            rows.Udp(at, Directory, $"198.18.12.{1 + _random.Next(2)}", 53, 30 + _random.Next(35), 60 + _random.Next(300));
        }

        for (var at = from + (2.0 * Hour); at < to; at += _random.Exponential(3 * Minute))
        {
            rows.Tcp(at, Mail, $"198.19.{_random.Next(40)}.{1 + _random.Next(20)}", 25, _random.LogNormal(30_000, 1.5), 1_500, 4);
        }

        var night = from + (3.0 * Hour);
        foreach (var person in _people)
        {
            foreach (var port in new[] { 21, 22, 23, 80, 135, 139, 443, 445, 3306, 3389, 5900, 5985, 8080, 8443 })
            {
                night += _random.Between(5, 40);
                rows.Refused(night, Scanner, person.Address, port);
            }
        }

        rows.Tcp(from + (0.5 * Hour), Files, "10.1.0.9", 445, 4e10, 1e8, 9_000);
    }

    private void Telephones(Rows rows, long from)
    {
        for (var phone = 0; phone < Math.Max(4, _people.Length / 5); phone++)
        {
            var address = $"10.1.8.{1 + phone}";
            Every(from + (phone * 700), from + Day, Minute, 0.01, at => rows.Udp(at, address, "198.18.13.1", 5060, 620, 480));
            for (var at = from + (8.0 * Hour); at < from + (18 * Hour); at += _random.Exponential(90 * Minute))
            {
                var seconds = _random.LogNormal(150, 1);
                rows.Udp(at, address, $"198.18.13.{2 + _random.Next(5)}", 20_000 + _random.Next(9_000), 8_000 * seconds,
                    8_000 * seconds, seconds);
            }
        }
    }

    // Visitors of the public server, and who tries every door.
    private void Door(Rows rows, long from)
    {
        for (var at = (double)from; at < from + Day; at += _random.Exponential(20_000))
        {
            rows.Tcp(at, Outsider(), Web, 443, _random.LogNormal(1_500, 0.7), _random.LogNormal(25_000, 1.2), 3);
        }

        for (var i = 0; i < 3_000; i++)
        {
            rows.Refused(from + _random.Between(0, Day), Outsider(), Web, new[] { 22, 23, 445, 3389, 8080, 5900, 1433 }[_random.Next(7)]);
        }
    }

    private string Outsider() => $"192.0.2.{1 + _random.Next(250)}";

    private void Every(double from, double to, double period, double jitter, Action<double> beat)
    {
        for (var at = from + _random.Between(0, period); at < to; at += period * (1 + _random.Between(-jitter, jitter)))
        {
            beat(at + _random.Exponential(40));
        }
    }

    private static string Site(int site, int address) => $"203.0.{site % 200}.{1 + (site / 200 * 20) + address}";

    private readonly record struct Person(string Address, int Number, double Begins, double Ends, int Vendor);
}
