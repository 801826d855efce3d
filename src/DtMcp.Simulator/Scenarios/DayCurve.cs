namespace DtMcp.Simulator.Scenarios;

// When in a day things happen. Weights by hour of the day (UTC); drawn through a table of equal slots, so a draw costs one look-up.
internal sealed class DayCurve
{
    private const int Slots = 8192;
    private readonly ushort[] _minutes = new ushort[Slots];

    private DayCurve(ReadOnlySpan<double> hours)
    {
        var total = 0.0;
        foreach (var weight in hours)
        {
            total += weight;
        }

        var (slot, reached) = (0, 0.0);
        for (var minute = 0; minute < 1440; minute++)
        {
            reached += hours[minute / 60] / (60 * total);
            for (; slot < Slots && slot < reached * Slots; slot++)
            {
                _minutes[slot] = (ushort)minute;
            }
        }

        _minutes.AsSpan(slot).Fill(1439);
    }

    public static DayCurve Office { get; } = new([.3, .2, .2, .2, .2, .5, 1.5, 4, 9, 11, 11, 10, 7, 9, 10, 10, 9, 6, 3, 2, 1.5, 1, .7, .4]);

    public static DayCurve Night { get; } = new([6, 5, 3, 1, .2, .1, .1, .5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8]);

    public static DayCurve Flat { get; } = new([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);

    /// Milliseconds since midnight.
    public int Draw(SplitMix random) => (_minutes[random.Below(Slots)] * 60_000) + random.Below(60_000);
}
