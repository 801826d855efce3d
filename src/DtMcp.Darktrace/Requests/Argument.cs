using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Requests;

/// <summary>The checks that arguments pass before anything is sent. A refusal names the argument, says why, and what is allowed.</summary>
internal static class Argument
{
    private const int MaxLength = 500;

    [DoesNotReturn]
    internal static void Refuse(string name, string why, string allowed) =>
        throw new ApplianceException(ApplianceError.InvalidArgument, $"The argument {name} {why}; nothing was sent.", allowed);

    internal static void CheckPort(string name, int? port)
    {
        if (port is < 0 or > 65535)
        {
            Refuse(name, $"is {port}, which is not a port", "A port is a whole number from 0 to 65535.");
        }
    }

    internal static void CheckPositive(string name, long? value)
    {
        if (value is <= 0)
        {
            Refuse(name, $"is {value}", "It is a whole number from 1 up.");
        }
    }

    internal static void CheckText(string name, string? text, string allowed)
    {
        if (text is null)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            Refuse(name, "is empty", allowed);
        }

        RefuseUnsendable(name, text);
    }

    /// <summary>The largest time is the last second of the year 9999: 13 digits are usual, more than 15 are no milliseconds.</summary>
    internal static void CheckWindow(TimeWindow? window)
    {
        if (window is not { } span)
        {
            return;
        }

        if (span.StartMs < 0)
        {
            Refuse("starttime", "lies before 1970", "Times are milliseconds since 1970, UTC.");
        }

        if (span.EndMs > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            Refuse("endtime", "lies after the year 9999", "Times are milliseconds since 1970, UTC (13 digits today).");
        }
    }

    /// <summary>Control characters and halves of surrogate pairs have no agreed form in a signature.</summary>
    internal static void RefuseUnsendable(string name, string value)
    {
        if (value.Length > MaxLength)
        {
            Refuse(name, $"has {value.Length} characters", $"At most {MaxLength} are sent.");
        }

        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsControl(value[i]))
            {
                Refuse(name, "holds a control character", "Leave out line ends, tabs and other control characters.");
            }

            if (char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(value[i]))
            {
                Refuse(name, "is not valid Unicode text", "Send whole characters.");
            }
        }
    }

    /// <summary>
    /// A value to be quoted in a message: short, printable, between quotes, and nothing in it that a terminal, a browser or a model might
    /// take for more than text.
    /// </summary>
    internal static string Shown(string value, int most = 60)
    {
        Span<char> text = stackalloc char[Math.Min(value.Length, most)];
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = value[i] is '"' or '\\' or '<' or '>' or '`' or '[' or ']' or '|' || IsHidden(value[i]) ? '?' : value[i];
        }

        return value.Length > text.Length ? $"\"{text}...\"" : $"\"{text}\"";
    }

    // Controls, direction marks and separators of lines would act on whatever shows the message.
    private static bool IsHidden(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
