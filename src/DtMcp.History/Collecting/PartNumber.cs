namespace DtMcp.History.Collecting;

/// <summary>The number of a part: the time, so that its age is seen, and chance, so that two collectors never take the same.</summary>
internal static class PartNumber
{
    private const int ChanceBits = 20;

    /// <summary>Numbers of one time.</summary>
    public const int Chances = 1 << ChanceBits;

    public static ulong At(long timeMs, int chance) => ((ulong)timeMs << ChanceBits) | (uint)chance;
}
