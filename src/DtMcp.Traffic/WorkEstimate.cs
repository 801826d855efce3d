using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Investigations.Hunting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic;

/// <summary>
/// About how many bytes a piece of work holds at once, for the <see cref="WorkGate"/>. Rather too many: what is held is bounded, what is
/// estimated too low is not.
/// </summary>
internal static class WorkEstimate
{
    private const long Least = 1 << 20;

    /// <summary>Sums, sides and partners of an endpoint in all tables of an analysis.</summary>
    private const long OfHost = 200;

    /// <summary>Pairs of an endpoint and a port, a name or a partner: most connections make none that is new.</summary>
    private const long OfRow = 24;

    private const long MaxRowBytes = 96 << 20;

    /// <summary>An endpoint's text, its entry and its usage, in both windows.</summary>
    private const long OfComparedHost = 400;

    /// <summary>A cell, and the text that it becomes.</summary>
    private const long OfCell = 100;

    /// <param name="tool">Which analysis.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="sets">The rows of its windows.</param>
    public static long OfCondensing(string tool, AnalysisSettings settings, params ReadOnlySpan<FlowSet?> sets)
    {
        var bytes = Least;
        foreach (var flows in sets)
        {
            var (rows, hosts) = (flows?.Count ?? 0, flows?.Hosts.Count ?? 0);
            bytes += tool switch
            {
                "get_network_traffic" => Math.Min(rows, settings.Offset + settings.Limit) * RawTraffic.BytesOfRow,
                "hunt_traffic" => ConnectionPairs.BytesOf(rows),
                "compare_traffic" => hosts * OfComparedHost,
                _ => (hosts * OfHost) + Math.Min(rows * OfRow, MaxRowBytes),
            };
        }

        return bytes + (settings.Limit * OfCell * 10L);
    }

    public static long OfRendering(Digest digest) =>
        Least + digest.Tables.Sum(table => (long)table.Rows.Count * table.Columns.Count * OfCell);
}
