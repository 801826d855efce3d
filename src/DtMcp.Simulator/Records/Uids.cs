namespace DtMcp.Simulator.Records;

/// <summary>Uids in the look of Zeek's (C and 17 letters and digits), the same for the same number.</summary>
internal static class Uids
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string Of(long number) => string.Create(18, number, static (chars, number) =>
    {
        // SplitMix64, twice: one step is one-to-one, so no two numbers share a uid.
        var state = (ulong)number;
        chars[0] = 'C';
        var value = Mix(state);
        for (var i = 1; i < 12; i++)
        {
            chars[i] = Alphabet[(int)(value % 62)];
            value /= 62;
        }

        value = Mix(state ^ 0x5DEECE66D);
        for (var i = 12; i < 18; i++)
        {
            chars[i] = Alphabet[(int)(value % 62)];
            value /= 62;
        }
    });

    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
