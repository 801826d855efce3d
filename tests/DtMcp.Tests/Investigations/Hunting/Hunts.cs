using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Hunting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Investigations.Hunting;

/// <summary>A finding as its row in the answer has it.</summary>
internal sealed record Found(string Kind, string Confidence, string Source, string? Destination, long? Port, long Connections,
    long? BytesOut, string Figures);

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
            Number(row[at["destination_port"]]),
            row[at["connections"]].Integer, Number(row[at["bytes_out"]]), row[at["figures"]].Text))];
    }

    /// <summary>The one confidence found, or none.</summary>
    public static string Confidence(this List<Found> found) => found.Count == 0 ? "none" : Assert.Single(found).Confidence;

    private static string? Text(Cell cell) => cell.Kind == CellKind.Absent ? null : cell.Text;

    private static long? Number(Cell cell) => cell.Kind == CellKind.Absent ? null : cell.Integer;
}
