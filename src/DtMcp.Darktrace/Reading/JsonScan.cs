using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DtMcp.Darktrace.Reading;

/// <summary>
/// Scanning of JSON text that ends in at least <see cref="JsonWindow.Padding"/> zero bytes, which stop every scan. Strict: what JSON does not allow, or what
/// takes more than a glance, is length 0 or -1 and left to the general reader.
/// </summary>
internal static class JsonScan
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte Blank(ref byte at)
    {
        while (at is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at = ref Unsafe.Add(ref at, 1);
        }

        return ref at;
    }

    // A literal holds no zero, so a vector that matches in full lies within the text.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Matches(ref byte at, ref byte literal, int length)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            while (length > Vector256<byte>.Count)
            {
                if (Vector256.LoadUnsafe(ref at) != Vector256.LoadUnsafe(ref literal))
                {
                    return false;
                }

                at = ref Unsafe.Add(ref at, Vector256<byte>.Count);
                literal = ref Unsafe.Add(ref literal, Vector256<byte>.Count);
                length -= Vector256<byte>.Count;
            }

            var equal = Vector256.Equals(Vector256.LoadUnsafe(ref at), Vector256.LoadUnsafe(ref literal)).ExtractMostSignificantBits();
            return BitOperations.TrailingZeroCount(~(ulong)equal) >= length;
        }

        if (Vector128.IsHardwareAccelerated)
        {
            while (length > Vector128<byte>.Count)
            {
                if (Vector128.LoadUnsafe(ref at) != Vector128.LoadUnsafe(ref literal))
                {
                    return false;
                }

                at = ref Unsafe.Add(ref at, Vector128<byte>.Count);
                literal = ref Unsafe.Add(ref literal, Vector128<byte>.Count);
                length -= Vector128<byte>.Count;
            }

            var equal = Vector128.Equals(Vector128.LoadUnsafe(ref at), Vector128.LoadUnsafe(ref literal)).ExtractMostSignificantBits();
            return BitOperations.TrailingZeroCount(~(ulong)equal) >= length;
        }

        for (var i = 0; i < length; i++)
        {
            if (Unsafe.Add(ref at, i) != Unsafe.Add(ref literal, i))
            {
                return false;
            }
        }

        return true;
    }

    // Bytes up to the closing quote; -1 when an escape, a control character or the window's end comes first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TextLength(ref byte at)
    {
        nuint length = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            while (true)
            {
                var text = Vector256.LoadUnsafe(ref at, length);
                var stops = (Vector256.Equals(text, Vector256.Create((byte)'"')) | Vector256.Equals(text, Vector256.Create((byte)'\\'))
                    | Vector256.LessThan(text, Vector256.Create((byte)' '))).ExtractMostSignificantBits();
                if (stops != 0)
                {
                    length += (nuint)BitOperations.TrailingZeroCount(stops);
                    break;
                }

                length += (nuint)Vector256<byte>.Count;
            }
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            while (true)
            {
                var text = Vector128.LoadUnsafe(ref at, length);
                var stops = (Vector128.Equals(text, Vector128.Create((byte)'"')) | Vector128.Equals(text, Vector128.Create((byte)'\\'))
                    | Vector128.LessThan(text, Vector128.Create((byte)' '))).ExtractMostSignificantBits();
                if (stops != 0)
                {
                    length += (nuint)BitOperations.TrailingZeroCount(stops);
                    break;
                }

                length += (nuint)Vector128<byte>.Count;
            }
        }
        else
        {
            while (Unsafe.Add(ref at, length) is >= (byte)' ' and not ((byte)'"' or (byte)'\\'))
            {
                length++;
            }
        }

        return Unsafe.Add(ref at, length) == '"' && length <= JsonScalar.LongestToken ? (int)length : -1;
    }

    // -?(0|[1-9][0-9]*) of at most 18 digits; 0 when it is anything else. What follows is for the caller to compare: a literal that begins as JSON lets it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WholeLength(ref byte at, out long value)
    {
        var sign = at == '-' ? 1 : 0;
        var length = sign + Digits(ref Unsafe.Add(ref at, sign), out value);
        var digits = length - sign;
        if (digits is 0 or > 18 || (digits > 1 && Unsafe.Add(ref at, sign) == '0'))
        {
            return 0;
        }

        value = sign == 0 ? value : -value;
        return length;
    }

    // Eight digits at a time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Digits(ref byte at, out long value)
    {
        value = 0;
        var length = 0;
        while (length <= 16)
        {
            var chunk = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, length));
            chunk = BitConverter.IsLittleEndian ? chunk : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(chunk);
            chunk ^= 0x3030_3030_3030_3030;
            var others = ((chunk + 0x7676_7676_7676_7676) | chunk) & 0x8080_8080_8080_8080;
            var digits = others == 0 ? 8 : BitOperations.TrailingZeroCount(others) >> 3;
            if (digits == 0)
            {
                return length;
            }

            // Leading zeros in the place of what is not a digit.
            chunk <<= (8 - digits) * 8;
            chunk = (chunk * 10) + (chunk >> 8);
            chunk = (((chunk & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064) + (((chunk >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32;
            value = (value * Powers[digits]) + (long)(uint)chunk;
            length += digits;
            if (digits < 8)
            {
                return length;
            }
        }

        return length;
    }

    private static ReadOnlySpan<long> Powers => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    // null leaves any field as it was, true and false only one that nobody reads.
    public static int WordLength(ref byte at, FlowField field)
    {
        var length = at switch { (byte)'n' => 4, (byte)'t' => 4, (byte)'f' => 5, _ => 0 };
        var word = MemoryMarshal.CreateReadOnlySpan(ref at, Math.Max(length, 1));
        return (word.SequenceEqual("null"u8) || (field == FlowField.Other && (word.SequenceEqual("true"u8) || word.SequenceEqual("false"u8)))) ? length : 0;
    }
}
