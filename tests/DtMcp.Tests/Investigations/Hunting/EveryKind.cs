using DtMcp.Darktrace.Flows;

namespace DtMcp.Tests.Investigations.Hunting;

/// <summary>Rows in which every rule finds something above low, and ordinary ones around it, in a random order of draws.</summary>
internal sealed class EveryKind
{
    private const long Start = Hunts.Day;

    private readonly List<Line> _before = [];
    private readonly List<Line> _now = [];
    private readonly Random _random;

    public EveryKind(int seed)
    {
        _random = new Random(seed);
        Ordinary(_before, 0);
        Ordinary(_now, Start);
        Beats("10.0.0.5", "203.0.113.9", 443, 90, 61_000, 0.2);
        Beats("10.0.0.6", "10.0.0.200", 4444, 90, 61_000, 0.1);
        Beats("198.51.100.77", "10.0.0.80", 80, 300, 30_000, 0.1);
        Program();
        Administration();
        Scans();
        for (var part = 0; part < 3; part++)
        {
            _now.Add(new Line(Start + Within(2), "10.0.0.7", "203.0.113.20", 443, 60_000_000 + _random.Next(1_000), 5_000, 30_000));
        }

        for (var network = 0; network < 14; network++)
        {
            _now.Add(new Line(Start + (network * 3_000), "10.0.0.8", $"198.19.{network}.25", 25, 9_000, 900));
        }

        for (var i = 0; i < 30; i++)
        {
            _now.Add(new Line(Start + Within(9), "10.0.0.9", "203.0.113.30", 6_667, 200 + _random.Next(4_000), 900));
        }

        _before.Add(new Line(Within(2), "10.0.0.11", "203.0.113.31", 9_001, 900, 900));
        _now.Add(new Line(Start + Within(2), "10.0.0.11", "203.0.113.31", 9_001, 4_000_000, 9_000_000, 5 * (int)Hunts.Hour));
    }

    public FlowSet Before(FlowFields lacks = FlowFields.None) => Build(_before, lacks);

    public FlowSet Now(FlowFields lacks = FlowFields.None, Random? shuffle = null)
    {
        var lines = _now.OrderBy(line => line.Start).ToArray();
        shuffle?.Shuffle(lines);
        return Build(lines, lacks);
    }

    /// <summary>The same read in so many parts, the last first.</summary>
    public FlowSet InParts(int parts)
    {
        var lines = _now.OrderBy(line => line.Start).ToList();
        var size = (lines.Count / parts) + 1;
        var all = Build(lines.Skip((parts - 1) * size), FlowFields.None);
        for (var part = parts - 2; part >= 0; part--)
        {
            all.Absorb(Build(lines.Skip(part * size).Take(size), FlowFields.None));
        }

        return all;
    }

    private static FlowSet Build(IEnumerable<Line> lines, FlowFields lacks)
    {
        var rows = new RowMaker(lacks);
        foreach (var line in lines)
        {
            rows.Add(line.Start, line.Source, line.Destination, (ushort)line.Port, line.Sent, line.Received,
                line.Failed ? FlowTraits.Failed : FlowTraits.None, line.Protocol, packets: line.Failed ? 1 : 10_000, duration: line.Lasted);
        }

        return rows.Build();
    }

    private void Beats(string source, string destination, int port, int beats, long period, double jitter)
    {
        var at = (double)Start;
        for (var beat = 0; beat < beats; beat++)
        {
            _now.Add(new Line((long)at, source, destination, port, 500, 300));
            at += period * (1 + (jitter * ((2 * _random.NextDouble()) - 1)));
        }
    }

    // One size, no pause, a resolver of its own, calls that nobody takes.
    private void Program()
    {
        for (var i = 0; i < 150; i++)
        {
            _now.Add(new Line(Start + Within(8), "10.0.0.12", "203.0.113.40", 8_081, 1_700, 46));
            _now.Add(new Line(Start + (i * 700), "10.0.0.13", "203.0.113.41", 8_082, 700, 46));
            _now.Add(new Line(Start + Within(20), "10.0.0.14", "10.0.0.201", 8_083, 0, 0, Failed: true));
        }

        for (var i = 0; i < 600; i++)
        {
            _now.Add(new Line(Start + Within(20), "10.0.0.15", "203.0.113.42", 53, 20, 20, Protocol: "udp"));
        }
    }

    private void Administration()
    {
        _now.Add(new Line(Start + Within(3), "10.0.0.16", "203.0.113.50", 3_389, 80_000, 900_000, 700_000));
        _now.Add(new Line(Start + Within(3), "198.51.100.78", "10.0.0.81", 3_389, 80_000, 900_000, 700_000));
        _now.Add(new Line(Start + 1_000, "10.0.0.17", "10.0.0.18", 5_985, 30_000, 20_000));
        _now.Add(new Line(Start + 20_000, "10.0.0.17", "10.0.0.18", 445, 3_000_000, 40_000));
        _now.Add(new Line(Start + 30_000, "10.0.0.17", "10.0.0.18", 135, 900, 700));
        for (var i = 0; i < 300; i++)
        {
            _now.Add(new Line(Start + (i * 3_000) + _random.Next(900), "198.51.100.79", "10.0.0.82", 22, 1_500 + _random.Next(400), 2_100));
            _now.Add(new Line(Start + (i * 3_000) + _random.Next(900), "10.0.0.19", "10.0.0.83", 3_389, 1_500 + _random.Next(400), 2_100));
        }
    }

    private void Scans()
    {
        for (var i = 0; i < 60; i++)
        {
            _now.Add(new Line(Start + (i * 400), "10.0.0.20", $"10.0.3.{i + 1}", 445, 0, 0, Failed: true));
            _now.Add(new Line(Start + (i * 400), "10.0.0.21", "10.0.0.202", 1_000 + i, 0, 0, Failed: true));
        }
    }

    // Every device looks at a few pages of a few sites that all know.
    private void Ordinary(List<Line> lines, long from)
    {
        for (var device = 5; device < 45; device++)
        {
            for (var page = 0; page < 12; page++)
            {
                lines.Add(new Line(from + Within(20), $"10.0.0.{device}", $"198.51.100.{1 + (page % 6)}", 443, 500 + _random.Next(4_000),
                    2_000 + _random.Next(90_000)));
            }

            lines.Add(new Line(from + Within(1), $"10.0.0.{device}", "10.0.0.1", 88, 900, 1_200));
        }
    }

    private long Within(int hours) => (long)(_random.NextDouble() * hours * Hunts.Hour);

    private sealed record Line(long Start, string Source, string Destination, int Port, long Sent, long Received, int Lasted = 100,
        bool Failed = false, string Protocol = "tcp");
}
