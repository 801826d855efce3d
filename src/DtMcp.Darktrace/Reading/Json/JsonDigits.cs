using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace DtMcp.Darktrace.Reading.Json;

/// <summary>
/// Numbers of JSON text, eight digits at a time. As strict as <see cref="JsonScan"/>, and stopped by the same zeros behind the text.
/// </summary>
internal static class JsonDigits
{
    /// <summary>Digits of a time in milliseconds since 1970, from September 2001 until November 2286.</summary>
    public const int TimeLength = 13;

    private static ReadOnlySpan<long> Powers => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    // -?(0|[1-9][0-9]*) of at most 18 digits; 0 when it is anything else. What follows is for the caller to compare: a literal that begins
    // as JSON lets it. The sign is a branch, as hardly any number has one: where the digits begin is known at once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WholeLength(ref byte at, out long value) =>
        at == '-' ? NegativeLength(ref at, out value) : PositiveLength(ref at, out value);

    private static int NegativeLength(ref byte at, out long value)
    {
        var length = PositiveLength(ref Unsafe.Add(ref at, 1), out value);
        value = -value;
        return length == 0 ? 0 : length + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PositiveLength(ref byte at, out long value)
    {
        var length = Digits(ref at, out value);
        return length is 0 or > 18 || (length > 1 && at == '0') ? 0 : length;
    }

    // Eight digits at a time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Digits(ref byte at, out long value)
    {
        value = 0;
        var length = 0;
        while (length <= 16)
        {
            var chunk = Chunk(ref Unsafe.Add(ref at, length));
            var others = Others(chunk);
            var digits = others == 0 ? 8 : BitOperations.TrailingZeroCount(others) >> 3;
            if (digits == 0)
            {
                return length;
            }

            // Leading zeros in the place of what is not a digit.
            value = (value * Powers[digits]) + Value(chunk << ((8 - digits) * 8));
            length += digits;
            if (digits < 8)
            {
                return length;
            }
        }

        return length;
    }

    /// <summary>
    /// Seconds, whole (at most 15 digits) or with a fraction, as milliseconds; halves go up, as in
    /// <see cref="DtMcp.Darktrace.Values.JsonScalar"/>. 0 when it is anything else.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SecondsLength(ref byte at, out long ms)
    {
        var length = Digits(ref at, out ms);
        if (length is 0 or > 15 || (length > 1 && at == '0'))
        {
            return 0;
        }

        ms *= 1000;
        if (Unsafe.Add(ref at, length) != '.')
        {
            return length;
        }

        // The fraction's first eight digits as one number, of which the first three count, and the fourth rounds.
        ref var fraction = ref Unsafe.Add(ref at, length + 1);
        var chunk = Chunk(ref fraction);
        var others = Others(chunk);
        var digits = others == 0 ? 8 : BitOperations.TrailingZeroCount(others) >> 3;
        if (digits == 0)
        {
            return 0;
        }

        ms += (Value(digits == 8 ? chunk : chunk & ((1UL << (digits * 8)) - 1)) + 50_000) / 100_000;
        if (digits == 8)
        {
            digits += Digits(ref Unsafe.Add(ref fraction, 8), out _);
        }

        return length + 1 + digits;
    }

    /// <summary>A number without an exponent that nobody reads; 0 when it is anything else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkippedLength(ref byte at)
    {
        var sign = at == '-' ? 1 : 0;
        ref var first = ref Unsafe.Add(ref at, sign);
        var length = Digits(ref first, out _);
        if (length == 0 || (length > 1 && first == '0'))
        {
            return 0;
        }

        if (Unsafe.Add(ref first, length) == '.')
        {
            var fraction = Digits(ref Unsafe.Add(ref first, length + 1), out _);
            return fraction == 0 ? 0 : sign + length + 1 + fraction;
        }

        return sign + length;
    }

    // Eight bytes, each as the digit it is; the first is the lowest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Chunk(ref byte at)
    {
        var chunk = Unsafe.ReadUnaligned<ulong>(ref at);
        return (BitConverter.IsLittleEndian ? chunk : BinaryPrimitives.ReverseEndianness(chunk)) ^ 0x3030_3030_3030_3030;
    }

    // A bit in each byte that is no digit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Others(ulong chunk) => ((chunk + 0x7676_7676_7676_7676) | chunk) & 0x8080_8080_8080_8080;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Value(ulong chunk)
    {
        chunk = (chunk * 10) + (chunk >> 8);
        return (long)((((chunk & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064)
            + (((chunk >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32);
    }

    // Such a time. Its length is known beforehand, so that what stands behind it, for the caller to compare as above, is looked at without
    // waiting for it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTime(ref byte at, out long value)
    {
        var (first, last) = (Chunk(ref at), Chunk(ref Unsafe.Add(ref at, TimeLength - 8)));
        value = (Value(first) * 100_000) + Value(last & 0xFFFF_FFFF_FF00_0000);
        return (Others(first) | Others(last)) == 0 && (byte)first != 0;
    }
}
