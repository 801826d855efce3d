using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic;

/// <summary>
/// About how many bytes a piece of work holds at once, for the <see cref="WorkGate"/>. Rather too many: what is held is bounded, what is
/// estimated too low is not.
/// </summary>
internal static class WorkEstimate
{
    private const long Least = 1 << 20;

    /// <summary>A cell, and the text that it becomes.</summary>
    private const long OfCell = 100;

    /// <summary>Of analysing rows, of which the work itself holds so many bytes, into tables of so many rows.</summary>
    public static long OfAnalysis(long workBytes, int limit) => Least + workBytes + (limit * OfCell * 10L);

    public static long OfRendering(Digest digest) =>
        Least + digest.Tables.Sum(table => (long)table.Rows.Count * table.Columns.Count * OfCell);
}
