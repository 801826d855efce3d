namespace DtMcp.Darktrace.Values;

/// <summary>
/// Times such as <c>2026-01-15T08:58:42</c>: T or a space, with or without a fraction, Z or an offset; UTC when it names none.
/// </summary>
internal static class IsoTime
{
    public static bool TryParse(ReadOnlySpan<byte> text, out long ms)
    {
        ms = 0;
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':'
            || text[16] != ':'
            || !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute)
            || !TryDigits(text[17..19], out var second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59
            || second > 60)
        {
            return false;
        }

        var days = new DateOnly(year, month, day).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        ms = ((((days * 24L) + hour) * 60 + minute) * 60 + second) * 1000;
        var rest = text[19..];
        if (rest.Length > 1 && rest[0] == '.')
        {
            rest = rest[1..];
            var digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            digits = digits < 0 ? rest.Length : digits;
            if (digits == 0)
            {
                return false;
            }

            for (int i = 0, unit = 100; i < Math.Min(3, digits); i++, unit /= 10)
            {
                ms += (rest[i] - '0') * unit;
            }

            ms += digits > 3 && rest[3] >= '5' ? 1 : 0;
            rest = rest[digits..];
        }

        return rest.IsEmpty || rest.SequenceEqual("Z"u8) || TryOffset(rest, ref ms);
    }

    // +01:00, +0100
    private static bool TryOffset(ReadOnlySpan<byte> text, ref long ms)
    {
        if (text.Length is not (5 or 6) || text[0] is not ((byte)'+' or (byte)'-') || (text.Length == 6 && text[3] != ':')
            || !TryDigits(text[1..3], out var hours) || !TryDigits(text[^2..], out var minutes))
        {
            return false;
        }

        ms -= (text[0] == '+' ? 1 : -1) * ((hours * 60L) + minutes) * 60_000;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + digit - '0';
        }

        return true;
    }
}
