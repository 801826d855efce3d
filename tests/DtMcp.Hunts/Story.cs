using System.Globalization;
using System.Text.RegularExpressions;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Hunting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Hunts;

/// <summary>A row of a hunt's answer.</summary>
internal sealed partial record Story(string Kind, string Confidence, string Source, string? Destination, IReadOnlyList<long> Ports,
    long Bytes,
    string Signs)
{
    private static readonly AnalysisSettings Settings = new()
    {
        Window = new TimeWindow(0, 1),
        Filters = new NetworkQuery(),
        Limit = int.MaxValue,
        ListAll = true,
    };

    public bool IsAbove => Confidence != "low";

    /// <summary>Milliseconds, of the first sign that has a period.</summary>
    public double? PeriodMs => Every().Match(Signs) is { Success: true } every
        ? double.Parse(every.Groups[1].Value, CultureInfo.InvariantCulture) * every.Groups[2].Value switch
        {
            "ms" => 1,
            "s" => 1_000,
            "min" => 60_000,
            _ => 3_600_000,
        }
        : null;

    public static List<Story> Of(FlowSet now, FlowSet? before, InternalRanges? inside = null)
    {
        var table = TrafficHunt.Over(now, before, inside is null ? Settings : Settings with { Internal = inside }).Tables[0];
        var at = table.Columns.Select((name, i) => (name, i)).ToDictionary(column => column.name, column => column.i);
        return [.. table.Rows.Select(row => new Story(
            row[at["kind"]].Text, row[at["confidence"]].Text, row[at["source"]].Text,
            row[at["destination"]] is { Kind: CellKind.Text } to ? to.Text : null,
            row[at["destination_ports"]] is { Kind: CellKind.Integers } ports ? ports.Integers : [],
            at.TryGetValue("bytes", out var both) ? row[both].Integer : row[at["bytes_out"]].Integer + row[at["bytes_in"]].Integer,
            row[at["signs"]].Text))];
    }

    [GeneratedRegex(@"every ([\d.]+) (ms|s|min|h)")]
    private static partial Regex Every();
}
