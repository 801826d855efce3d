using System.Globalization;

namespace DtMcp.Hunts;

/// <summary>The bars, each held or missed, at the end.</summary>
internal static class Verdict
{
    private static readonly List<(string Bar, bool Held)> Bars = [];

    public static void Add(FormattableString bar, bool held) => Bars.Add((bar.ToString(CultureInfo.InvariantCulture), held));

    public static int Write()
    {
        Line($"\n## Bars\n\n| bar | held |\n|---|---|");
        foreach (var (bar, held) in Bars)
        {
            Line($"| {bar} | {(held ? "yes" : "**no**")} |");
        }

        return Bars.TrueForAll(bar => bar.Held) ? 0 : 1;
    }

    /// <summary>A row of a table.</summary>
    public static void Row(params object[] cells) =>
        Console.WriteLine($"| {string.Join(" | ", cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture)))} |");

    public static string Percent(double share) => share.ToString("P0", CultureInfo.InvariantCulture);

    public static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
