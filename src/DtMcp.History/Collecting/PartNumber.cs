using System.Security.Cryptography;

namespace DtMcp.History.Collecting;

/// <summary>
/// The number of a part: the time, so that its age is seen, and one of a row that begins by chance, so that neither two hours of a moment
/// nor two collectors take the same.
/// </summary>
internal static class PartNumber
{
    private const int ChanceBits = 20;
    private const int Chances = 1 << ChanceBits;

    private static int _last = RandomNumberGenerator.GetInt32(Chances);

    /// <summary>A number that no other part of this process has.</summary>
    public static ulong Next(long timeMs) => At(timeMs, Interlocked.Increment(ref _last) & (Chances - 1));

    /// <summary>Where the numbers of a time begin, by 0, and those behind it.</summary>
    public static ulong At(long timeMs, int chance) => ((ulong)timeMs << ChanceBits) | (uint)chance;
}
