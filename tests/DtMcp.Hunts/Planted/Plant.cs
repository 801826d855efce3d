namespace DtMcp.Hunts.Planted;

/// <summary>How a beacon is made.</summary>
/// <param name="PeriodMs">Sleep between two beats.</param>
/// <param name="Jitter">Share of the period by which a sleep is longer or shorter.</param>
/// <param name="OneSided">Never later than the period, as Cobalt Strike has it.</param>
/// <param name="Missed">Share of beats that do not come.</param>
/// <param name="Beats">Beats that come.</param>
/// <param name="SizeJitter">Share by which sizes differ.</param>
/// <param name="Sleeps">Whether it pauses eight hours in each day.</param>
internal sealed record BeaconShape(double PeriodMs, double Jitter, bool OneSided, double Missed, int Beats, double SizeJitter = 0,
    bool Sleeps = false);

/// <summary>What was planted: who, whither, and the figures that a finding must have.</summary>
internal sealed record Planting(string Source, string? Destination, double PeriodMs, long Bytes, string Kind);

/// <summary>Plants what is to be found.</summary>
internal static class Plant
{
    private const long Hour = 3_600_000;

    public static Planting Beacon(Rows rows, Random random, BeaconShape shape, string source, string destination, int port, double from)
    {
        var (at, came, bytes, sleeps, gaps) = (from, 0, 0L, 0.0, 0);
        var (sent, received) = (random.Next(200, 5_000), random.Next(100, 3_000));
        while (came < shape.Beats)
        {
            if (came == 0 || !random.Is(shape.Missed))
            {
                var size = 1 + random.Between(-shape.SizeJitter, shape.SizeJitter);
                rows.Tcp(at + random.Exponential(30), source, destination, port, sent * size, received * size, 0.4);
                bytes += (long)(sent * size) + (long)(received * size);
                came++;
            }

            var sleep = shape.PeriodMs * (1 + random.Between(-shape.Jitter, shape.OneSided ? 0 : shape.Jitter));
            (sleeps, gaps) = came < shape.Beats ? (sleeps + sleep, gaps + 1) : (sleeps, gaps);
            at += sleep;
            var hour = (at - from) / Hour % 24;
            at += shape.Sleeps && hour >= 16 ? (24 - hour) * Hour : 0;
        }

        return new Planting(source, destination, gaps > 0 ? sleeps / gaps : shape.PeriodMs, bytes, "beacon");
    }

    public static Planting Upload(Rows rows, Random random, long bytes, int parts, string source, string destination, double from,
        double to)
    {
        long sum = 0;
        for (var part = 0; part < parts; part++)
        {
            var sent = bytes / parts;
            rows.Tcp(random.Between(from, to), source, destination, 443, sent, 5_000, 30);
            sum += sent + 5_000;
        }

        return new Planting(source, destination, 0, sum, "upload");
    }

    public static Planting Mail(Rows rows, Random random, int networks, double aMinute, string source, double from)
    {
        for (var network = 0; network < networks; network++)
        {
            rows.Tcp(from + (network * 60_000 / aMinute), source, $"198.19.{100 + network}.{1 + random.Next(200)}", 25,
                random.LogNormal(12_000, 0.5), 1_200, 4);
        }

        return new Planting(source, null, 0, 0, "mass_mail");
    }

    public static Planting Scan(Rows rows, double aMinute, int hosts, string source, double from)
    {
        for (var host = 0; host < hosts; host++)
        {
            rows.Refused(from + (host * 60_000 / aMinute), source, $"10.1.{20 + (host / 250)}.{1 + (host % 250)}", 445);
        }

        return new Planting(source, null, 0, 0, "scan");
    }

    public static Planting Guess(Rows rows, Random random, int tries, string source, string destination, int port, double from)
    {
        for (var i = 0; i < tries; i++)
        {
            rows.Tcp(from + (i * random.Between(2_500, 3_500)), source, destination, port, 1_500 + random.Next(400),
                2_100 + random.Next(300), 2);
        }

        return new Planting(source, destination, 0, 0, "guessing");
    }

    public static Planting Lateral(Rows rows, Random random, string source, string destination, double from)
    {
        rows.Tcp(from, source, destination, 5985, 30_000, 20_000, 3);
        rows.Tcp(from + 20_000, source, destination, 445, 3_000_000 + random.Next(1_000_000), 40_000, 40);
        rows.Tcp(from + 30_000, source, destination, 135, 900, 700, 10);
        return new Planting(source, destination, 0, 0, "lateral");
    }
}
