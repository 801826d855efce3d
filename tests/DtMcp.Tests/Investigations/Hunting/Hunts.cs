using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Hunting;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Investigations.Hunting;

/// <summary>A finding as its row in the answer has it.</summary>
internal sealed record Found(string Kind, string Confidence, string Source, string? Destination, long? Port, long Connections,
    long? BytesOut, string Figures)
{
    public IReadOnlyList<long> Ports { get; init; } = [];
}

/// <summary>Hunts over rows, and over those of the time before where there are some.</summary>
internal static class Hunts
{
    public const long Minute = 60_000;
    public const long Hour = 60 * Minute;
    public const long Day = 24 * Hour;

    public static Findings Over(FlowSet now, FlowSet? before = null, string kind = "all", AnalysisSettings? settings = null) =>
        TrafficHunt.Over(now, before, settings ?? WholeTables.Settings, HuntKinds.Of(kind));

    public static List<Found> Of(RowMaker now, string kind, RowMaker? before = null) => Over(now.Build(), before?.Build(), kind).Found();

    public static List<Found> Found(this Findings findings)
    {
        var table = findings.Table("findings");
        var at = table.Columns.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index);
        return [.. table.Rows.Select(row => new Found(
            row[at["kind"]].Text, row[at["confidence"]].Text, row[at["source"]].Text, Text(row[at["destination"]]),
            Ports(row[at["destination_ports"]]).Cast<long?>().FirstOrDefault(),
            row[at["connections"]].Integer, at.TryGetValue("bytes_out", out var sent) ? Number(row[sent]) : null, row[at["signs"]].Text)
        {
            Ports = Ports(row[at["destination_ports"]]),
        })];
    }

    /// <summary>The one confidence found, or none.</summary>
    public static string Confidence(this List<Found> found) => found.Count == 0 ? "none" : Assert.Single(found).Confidence;

    private static string? Text(Cell cell) => cell.Kind == CellKind.Absent ? null : cell.Text;

    private static IReadOnlyList<long> Ports(Cell cell) => cell.Kind == CellKind.Absent ? [] : cell.Integers;

    private static long? Number(Cell cell) => cell.Kind == CellKind.Absent ? null : cell.Integer;
}
