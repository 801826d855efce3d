namespace DtMcp.Traffic.Answers;

/// <summary>Shares with one decimal, rounded exactly (a tie to the even digit); absent of nothing.</summary>
internal static class Percent
{
    public static Cell Of(long part, long whole) =>
        whole == 0 ? Cell.Absent : Cell.Of((double)Math.Round(100m * part / whole, 1, MidpointRounding.ToEven));
}
