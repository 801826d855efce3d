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

    /// <summary>
    /// The same for a text that nobody reads, or not yet: escapes may stand in it. Tabs (<c>\t</c>), of which a log line has many, cost
    /// nothing.
    /// </summary>
    public static int EscapedTextLength(ref byte at, out bool isEscaped)
    {
        nuint length = 0;
        isEscaped = false;
        while (true)
        {
            if (Vector256.IsHardwareAccelerated)
            {
                var text = Vector256.LoadUnsafe(ref at, length);
                var quotes = Vector256.Equals(text, Vector256.Create((byte)'"')).ExtractMostSignificantBits();
                var slashes = Vector256.Equals(text, Vector256.Create((byte)'\\')).ExtractMostSignificantBits();
                var controls = Vector256.LessThan(text, Vector256.Create((byte)' ')).ExtractMostSignificantBits();
                var tabs = Vector256.Equals(text, Vector256.Create((byte)'t')).ExtractMostSignificantBits();
                var upToQuote = quotes ^ (quotes - 1);
                if ((((slashes << 1 & ~tabs) | controls) & upToQuote) == 0)
                {
                    isEscaped |= (slashes & upToQuote) != 0;
                    if (quotes != 0)
                    {
                        return Token(length + (nuint)BitOperations.TrailingZeroCount(quotes));
                    }

                    // An escape that the vector cuts is looked at again.
                    length += (nuint)Vector256<byte>.Count - (slashes >> 31);
                    continue;
                }
            }

            while (Unsafe.Add(ref at, length) is >= (byte)' ' and not ((byte)'"' or (byte)'\\'))
            {
                length++;
            }

            if (Unsafe.Add(ref at, length) == '"')
            {
                return Token(length);
            }

            if (EscapeLength(ref Unsafe.Add(ref at, length)) is not (> 0 and var escape))
            {
                return -1;
            }

            isEscaped = true;
            length += (nuint)escape;
        }
    }

    // 0 when it is none.
    private static int EscapeLength(ref byte at)
    {
        if (at != '\\')
        {
            return 0;
        }

        switch (Unsafe.Add(ref at, 1))
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return 2;
            case (byte)'u':
                for (var i = 2; i < 6; i++)
                {
                    if (!char.IsAsciiHexDigit((char)Unsafe.Add(ref at, i)))
                    {
                        return 0;
                    }
                }

                return 6;
            default:
                return 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Token(nuint length) => length <= JsonScalar.LongestToken ? (int)length : -1;

    // null leaves any field as it was, true and false only one that nobody reads.
    public static int WordLength(ref byte at, FlowField field) =>
        WordLength(ref at) is var length && (at == 'n' || field == FlowField.Other) ? length : 0;

    // null, true or false; 0 when it is anything else.
    public static int WordLength(ref byte at)
    {
        var length = at switch { (byte)'n' => 4, (byte)'t' => 4, (byte)'f' => 5, _ => 0 };
        var word = MemoryMarshal.CreateReadOnlySpan(ref at, Math.Max(length, 1));
        return word.SequenceEqual("null"u8) || word.SequenceEqual("true"u8) || word.SequenceEqual("false"u8) ? length : 0;
    }
}
