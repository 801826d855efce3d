using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DtMcp.Darktrace.Values;

/// <summary>Single values as they come: numbers as numbers or texts, whole or not, of any size; texts with or without escapes.</summary>
internal static class JsonScalar
{
    /// <summary>Bytes of one text that are kept; a longer one ends in an ellipsis.</summary>
    public const int LongestText = 1024;

    /// <summary>A text longer than this makes the answer a bad one: nothing documented comes near it.</summary>
    public const int LongestToken = 1024 * 1024;

    /// <summary>
    /// 9 PB: no connection carries more, JSON's whole numbers end here, and a thousand of them still add up without overflow.
    /// </summary>
    public const long LargestSize = (1L << 53) - 1;

    /// <summary>0001-01-01 and 9999-12-31 in milliseconds since 1970: what a calendar can show.</summary>
    private const long EarliestMs = -62_135_596_800_000;
    private const long LatestMs = 253_402_300_799_999;

    /// <summary>Refuses a text, key or number that is too long to be one.</summary>
    public static void Check(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > LongestToken)
        {
            throw new ValueTooLongException();
        }
    }

    /// <summary>A whole number from a number or a text; fractions are dropped, sizes saturate. False for anything else.</summary>
    public static bool TryWhole(ref Utf8JsonReader reader, out long value)
    {
        value = 0;
        return reader.TokenType is JsonTokenType.Number or JsonTokenType.String && TryWhole(reader.ValueSpan, out value);
    }

    public static bool TryWhole(ReadOnlySpan<byte> text, out long value)
    {
        if (Utf8Parser.TryParse(text, out value, out int used) && used == text.Length)
        {
            return true;
        }

        if (!Utf8Parser.TryParse(text, out double number, out used) || used != text.Length || double.IsNaN(number))
        {
            value = 0;
            return false;
        }

        value = Saturate(number);
        return true;
    }

    /// <summary>Seconds, with or without a fraction, as milliseconds.</summary>
    public static bool TryMilliseconds(ReadOnlySpan<byte> seconds, out long value)
    {
        if (TryPlainMilliseconds(seconds, out value))
        {
            return true;
        }

        if (!Utf8Parser.TryParse(seconds, out double number, out var used) || used != seconds.Length || double.IsNaN(number))
        {
            value = 0;
            return false;
        }

        value = Saturate(Math.Round(number * 1000, MidpointRounding.AwayFromZero));
        return true;
    }

    /// <summary>A time as milliseconds since 1970 (number or text) or as ISO 8601 text; false when it is outside the calendar.</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out long ms) =>
        (TryWhole(text, out ms) || IsoTime.TryParse(text, out ms)) && IsTime(ms);

    public static bool IsTime(long ms) => ms is >= EarliestMs and <= LatestMs;

    /// <summary>The text of a string or a number; null for anything else and for an empty one.</summary>
    public static string? Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String or JsonTokenType.Number when reader.ValueSpan.Length > 0 => Text(reader.ValueSpan, reader.ValueIsEscaped),
        _ => null,
    };

    public static string Text(ReadOnlySpan<byte> raw, bool escaped)
    {
        var cut = raw.Length > LongestText * 6;
        raw = cut ? raw[..(LongestText * 6)] : raw;
        if (!escaped)
        {
            return Cut(raw, cut);
        }

        var rented = ArrayPool<byte>.Shared.Rent(raw.Length);
        var text = Cut(rented.AsSpan(0, Unescape(raw, rented)), cut);
        ArrayPool<byte>.Shared.Return(rented);
        return text;
    }

    /// <summary>
    /// Resolves the escapes of a string that a JSON reader has accepted; never longer than the raw text. Half a surrogate pair becomes
    /// U+FFFD, where
    /// <see cref="Utf8JsonReader.GetString"/> throws. An escape cut at the end is dropped.
    /// </summary>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> to)
    {
        var written = 0;
        while (!raw.IsEmpty)
        {
            var plain = raw.IndexOf((byte)'\\');
            plain = plain < 0 ? raw.Length : plain;
            raw[..plain].CopyTo(to[written..]);
            written += plain;
            raw = raw[plain..];
            if (raw.Length < 2 || (raw[1] == 'u' && raw.Length < 6))
            {
                break;
            }

            if (raw[1] != 'u')
            {
                to[written++] =
                    raw[1] switch { (byte)'b' => 8, (byte)'f' => 12, (byte)'n' => 10, (byte)'r' => 13, (byte)'t' => 9, var c => c };
                raw = raw[2..];
                continue;
            }

            var unit = (char)Hex(raw[2..6]);
            raw = raw[6..];
            var rune = Rune.ReplacementChar;
            if (char.IsHighSurrogate(unit) && raw.Length >= 6 && raw[0] == '\\' && raw[1] == 'u'
                && Rune.TryCreate(unit, (char)Hex(raw[2..6]), out var pair))
            {
                rune = pair;
                raw = raw[6..];
            }
            else if (Rune.TryCreate(unit, out var single))
            {
                rune = single;
            }

            written += rune.EncodeToUtf8(to[written..]);
        }

        return written;
    }

    private static bool TryPlainMilliseconds(ReadOnlySpan<byte> seconds, out long value)
    {
        value = 0;
        var point = seconds.IndexOf((byte)'.');
        var whole = point < 0 ? seconds : seconds[..point];
        var fraction = point < 0 ? default : seconds[(point + 1)..];
        if (whole.Length is 0 or > 15 || whole.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        foreach (var digit in whole)
        {
            value = (value * 10) + digit - '0';
        }

        for (var i = 0; i < 3; i++)
        {
            value = (value * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        }

        value += fraction.Length > 3 && fraction[3] >= '5' ? 1 : 0;
        return true;
    }

    private static long Saturate(double number) =>
        number >= long.MaxValue ? long.MaxValue : number <= long.MinValue ? long.MinValue : (long)number;

    private static int Hex(ReadOnlySpan<byte> digits) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : 0xFFFD;

    private static string Cut(ReadOnlySpan<byte> text, bool cut)
    {
        if (text.Length <= LongestText && !cut)
        {
            return Encoding.UTF8.GetString(text);
        }

        var end = Math.Min(LongestText, text.Length);
        while (end > 0 && end < text.Length && (text[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return Encoding.UTF8.GetString(text[..end]) + "…";
    }
}
