using System.Globalization;

namespace DtMcp.Benchmarks;

/// <summary>What every table needs: medians, and a figure beside its target.</summary>
internal static class Figures
{
    public static double Median(IReadOnlyCollection<double> of) => At(of, 0.5);

    /// <summary>The value below which a part of all lie; 0 of none.</summary>
    public static double At(IReadOnlyCollection<double> of, double part) =>
        of.Count == 0 ? 0 : of.Order().ElementAt(Math.Min(of.Count - 1, (int)(of.Count * part)));

    public static string YesNo(bool met) => met ? "yes" : "**no**";

    public static void Title(string text) => Console.WriteLine($"\n### {text}\n");

    public static void Row(params IEnumerable<object> cells) => Console.WriteLine($"| {string.Join(" | ", cells.Select(Text))} |");

    public static void Head(params string[] names)
    {
        Row(names);
        Row(names.Select(_ => "---"));
    }

    /// <summary>A line under a table.</summary>
    public static void Note(string text) => Console.WriteLine($"\n{text}");

    public static void Target(string what, string figure, bool met) => Console.WriteLine($"\nTarget: {what}: {figure}: {YesNo(met)}.");

    /// <summary>Progress, kept apart from the tables.</summary>
    public static void Progress(string text) => Console.Error.WriteLine($"  {text}");

    private static string Text(object cell) => cell switch
    {
        double number => number.ToString(number is > -10 and < 10 ? "f2" : number is > -100 and < 100 ? "f1" : "f0",
            CultureInfo.InvariantCulture),
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "",
    };
}
