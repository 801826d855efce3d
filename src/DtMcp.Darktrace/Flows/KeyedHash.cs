using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DtMcp.Darktrace.Flows;

/// <summary>
/// Hashes under a secret drawn anew in each process, so that nobody outside can choose addresses, names or ports that collide. The secret
/// enters before the multiplication, and both halves of the 128-bit product are folded together (the step of wyhash and rapidhash): without
/// the secret no difference between two keys leads to a known difference between their hashes. Nothing that is shown may depend on it: ties
/// go by key, and only estimates move within their error.
/// </summary>
public readonly struct KeyedHash
{
    /// <summary>The key of this process.</summary>
    public static readonly KeyedHash OfProcess = Drawn();

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    internal KeyedHash(ulong a, ulong b, ulong c, ulong d) => (_a, _b, _c, _d) = (a, b, c, d);

    /// <summary>64 bits of two words for finding a place quickly: one multiplication.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Place(ulong a, ulong b) => Fold(a ^ _a, b ^ _b);

    /// <summary>64 well-mixed bits of two words, for large tables and sketches: two multiplications.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(ulong a, ulong b) => Fold(Fold(a ^ _a, b ^ _b) ^ _c, _d);

    /// <summary>64 well-mixed bits of a text.</summary>
    public ulong Of(ReadOnlySpan<char> text)
    {
        var state = _c ^ (ulong)text.Length;
        for (; text.Length >= 8; text = text[8..])
        {
            var words = MemoryMarshal.Cast<char, ulong>(text);
            state = Fold(words[0] ^ _a ^ state, words[1] ^ _b) ^ _c;
        }

        var (first, second) = (0UL, 0UL);
        for (var i = 0; i < text.Length; i++)
        {
            (first, second) = i < 4 ? (first | ((ulong)text[i] << (16 * i)), second) : (first, second | ((ulong)text[i] << (16 * (i - 4))));
        }

        state = Fold(first ^ _a ^ state, second ^ _b) ^ _c;
        return Fold(state ^ _b, _d);
    }

    // An odd last word: it never takes a bit away.
    private static KeyedHash Drawn()
    {
        Span<byte> secret = stackalloc byte[32];
        RandomNumberGenerator.Fill(secret);
        var words = MemoryMarshal.Cast<byte, ulong>(secret);
        return new KeyedHash(words[0], words[1], words[2], words[3] | 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
