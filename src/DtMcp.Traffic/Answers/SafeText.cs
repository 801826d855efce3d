using System.Globalization;
using System.Text;

namespace DtMcp.Traffic.Answers;

/// <summary>Where a text is going, and so what would act there.</summary>
internal enum TextPlace
{
    Markdown,

    /// <summary>Between backticks.</summary>
    MarkdownCode,
    Csv,
    Json,

    /// <summary>A line of text on its own, in a log or a terminal: nothing acts there but what cannot be seen.</summary>
    Line,
}

/// <summary>
/// Text that may come from the network, made inert: what cannot be seen is shown escaped (<c>\u202E</c>), what would act as syntax is
/// escaped, and what is too long ends in an ellipsis.
/// </summary>
internal static class SafeText
{
    private const char Ellipsis = '\u2026';

    /// <summary>A text made inert on its own; at most <paramref name="cap"/> characters and an ellipsis.</summary>
    public static string Of(ReadOnlySpan<char> text, int cap, TextPlace place)
    {
        var to = new StringBuilder();
        Append(to, text, cap, place);
        return to.ToString();
    }

    /// <summary>Appends at most <paramref name="cap"/> characters and an ellipsis; whole characters only.</summary>
    public static void Append(StringBuilder to, ReadOnlySpan<char> text, int cap, TextPlace place)
    {
        var start = to.Length;
        if (place == TextPlace.Csv && text.Length > 0
            && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20')
        {
            // OWASP, CSV injection: a spreadsheet takes such a cell for a formula, in full width too; the apostrophe makes it text.
            to.Append('\'');
        }

        var first = true;
        while (!text.IsEmpty)
        {
            var valid = Rune.DecodeFromUtf16(text, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            var before = to.Length;
            AppendOne(to, rune, valid ? -1 : text[0], text[length..], first, place);
            if (to.Length - start > cap)
            {
                to.Length = before;
                to.Append(Ellipsis);
                return;
            }

            text = text[length..];
            first = false;
        }
    }

    private static void AppendOne(StringBuilder to, Rune rune, int lone, ReadOnlySpan<char> rest, bool first, TextPlace place)
    {
        if (lone >= 0)
        {
            // JSON cannot carry half a surrogate pair: a reader of the string would fail on it.
            AppendEscape(to, place == TextPlace.Json ? 0xFFFD : lone, place);
        }
        else if (IsHidden(rune, first && place != TextPlace.Line))
        {
            AppendEscape(to, rune.Value, place);
        }
        else if (NeedsBackslash(rune.Value, first, rest is ['/', '/', ..], place))
        {
            to.Append('\\').Append((char)rune.Value);
        }
        else if (rune.Value == '`' && place == TextPlace.MarkdownCode)
        {
            AppendEscape(to, rune.Value, place);
        }
        else if (rune.IsBmp)
        {
            to.Append((char)rune.Value);
        }
        else
        {
            Span<char> pair = stackalloc char[2];
            rune.EncodeToUtf16(pair);
            to.Append(pair);
        }
    }

    private static bool NeedsBackslash(int value, bool first, bool beforeSlash, TextPlace place) => place switch
    {
        // GFM 6.1: a backslash before punctuation makes it text. "&" and
        // "<" would bring entities and tags, "[" links; ":" before "//" an autolink (6.9).
        TextPlace.Markdown => value is '\\' or '|' or '`' or '[' or ']' or '<' or '&' or '*' or '~'
            || (first && value is ('#' or '>' or '-' or '+' or '=')) || (value == ':' && beforeSlash),
        TextPlace.Json => value is '"' or '\\',
        _ => false,
    };

    private static void AppendEscape(StringBuilder to, int value, TextPlace place)
    {
        if (value <= 0xFFFF)
        {
            to.Append(CultureInfo.InvariantCulture, $"\\u{value:X4}");
        }
        else if (place == TextPlace.Json)
        {
            Span<char> pair = stackalloc char[2];
            new Rune(value).EncodeToUtf16(pair);
            to.Append(CultureInfo.InvariantCulture, $"\\u{(int)pair[0]:X4}\\u{(int)pair[1]:X4}");
        }
        else
        {
            to.Append(CultureInfo.InvariantCulture, $"\\u{{{value:X}}}");
        }
    }

    /// <summary>
    /// Controls, direction marks, zero-width and tag characters, private and unassigned ones, spaces other than U+0020, marks with nothing
    /// to sit on.
    /// </summary>
    private static bool IsHidden(Rune rune, bool first)
    {
        if (rune.IsAscii)
        {
            return rune.Value is < 0x20 or 0x7F || (first && rune.Value == ' ');
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
                    or UnicodeCategory.EnclosingMark => true,
            UnicodeCategory.NonSpacingMark => first || IsBlank(rune.Value),
            _ => IsBlank(rune.Value),
        };
    }

    // Default_Ignorable_Code_Point (UAX 44) that is no format character, and the blank braille pattern.
    private static bool IsBlank(int value) =>
        value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164
        or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xE0000 and <= 0xE0FFF);
}
