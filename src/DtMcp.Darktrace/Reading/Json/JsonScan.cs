using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Json;

/// <summary>
/// Scanning of JSON text that ends in at least <see cref="JsonWindow.Padding"/> zero bytes, which stop every scan. Strict: what JSON does
/// not allow, or what takes more than a glance, is length 0 or -1 and left to the general reader.
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

    // Bytes up to the closing quote; -1 when an escape, a control character or the window's end comes first. The quote is looked for by
    // itself, so that its place is known soonest; what may not come before it is a branch beside it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TextLength(ref byte at)
    {
        nuint length = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            while (true)
            {
                var text = Vector256.LoadUnsafe(ref at, length);
                var quotes = Vector256.Equals(text, Vector256.Create((byte)'"')).ExtractMostSignificantBits();
                var others = (Vector256.Equals(text, Vector256.Create((byte)'\\'))
                    | Vector256.LessThan(text, Vector256.Create((byte)' '))).ExtractMostSignificantBits();
                if ((others & (quotes ^ (quotes - 1))) != 0)
                {
                    return -1;
                }

                if (quotes != 0)
                {
                    return Token(length + (nuint)BitOperations.TrailingZeroCount(quotes));
                }

                length += (nuint)Vector256<byte>.Count;
            }
        }

        if (Vector128.IsHardwareAccelerated)
        {
            while (true)
            {
                var text = Vector128.LoadUnsafe(ref at, length);
                var quotes = Vector128.Equals(text, Vector128.Create((byte)'"')).ExtractMostSignificantBits();
                var others = (Vector128.Equals(text, Vector128.Create((byte)'\\'))
                    | Vector128.LessThan(text, Vector128.Create((byte)' '))).ExtractMostSignificantBits();
                if ((others & (quotes ^ (quotes - 1))) != 0)
                {
                    return -1;
                }

                if (quotes != 0)
                {
                    return Token(length + (nuint)BitOperations.TrailingZeroCount(quotes));
                }

                length += (nuint)Vector128<byte>.Count;
            }
        }

        while (Unsafe.Add(ref at, length) is >= (byte)' ' and not ((byte)'"' or (byte)'\\'))
        {
            length++;
        }

        return Unsafe.Add(ref at, length) == '"' ? Token(length) : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Token(nuint length) => length <= JsonScalar.LongestToken ? (int)length : -1;

    // null leaves any field as it was, true and false only one that nobody reads.
    public static int WordLength(ref byte at, FlowField field)
    {
        var length = at switch { (byte)'n' => 4, (byte)'t' => 4, (byte)'f' => 5, _ => 0 };
        var word = MemoryMarshal.CreateReadOnlySpan(ref at, Math.Max(length, 1));
        return (word.SequenceEqual("null"u8)
            || (field == FlowField.Other && (word.SequenceEqual("true"u8) || word.SequenceEqual("false"u8)))) ? length : 0;
    }
}
