using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Investigations;

/// <summary>
/// Runs an analysis for its whole tables, and digests those as the truth files do: lines <c>key TAB value...</c> sorted by key as text,
/// joined by LF, lists as their size.
/// </summary>
internal static class WholeTables
{
    public const int Everything = 100_000;

    public static AnalysisSettings Settings { get; } = new()
    {
        Window = new TimeWindow(0, 4_000_000_000_000),
        Filters = new NetworkQuery(),
        Limit = Everything,
        ListAll = true,
    };

    public static Findings Run(string tool, FlowSet flows, AnalysisSettings? settings = null)
    {
        var analysis = Investigating.Begin(tool, settings ?? Settings);
        foreach (var chunk in flows.Chunks)
        {
            analysis.Consume(flows, chunk);
        }

        return analysis.Finish(flows);
    }

    public static Table Table(this Findings findings, string name) => Assert.Single(findings.Tables, table => table.Name == name);

    public static Cell Total(this Findings findings, string name) => findings.Totals.Single(field => field.Name == name).Value;

    /// <summary>Lines of a table: its first column (or another) as the key, then the values of the columns named.</summary>
    public static IEnumerable<string> Lines(this Table table, string key, params string[] values) => table.Rows.Select(row => string.Join(
        '\t', values.Prepend(key).Select(name => Text(row[table.Columns.ToList().IndexOf(name)]))));

    public static string Digest(IEnumerable<string> lines) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', lines.OrderBy(line => line.Split('\t')[0], StringComparer.Ordinal)))));

    /// <summary>Checks the size and the digest of a whole table.</summary>
    public static void Same(JsonElement truth, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        Assert.Equal(truth.GetProperty("keys").GetInt32(), all.Count);
        Assert.Equal(truth.GetProperty("digest").GetString(), Digest(all));
    }

    private static string Text(Cell cell) => cell.Kind switch
    {
        CellKind.Text or CellKind.Moment => cell.Text,
        CellKind.Integer => cell.Integer.ToString(CultureInfo.InvariantCulture),
        CellKind.Integers or CellKind.Texts => cell.ListOf.ToString(CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"a {cell.Kind} cell in a digest"),
    };
}
