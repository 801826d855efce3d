using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Companions;

internal delegate T? ItemParser<out T>(ref Utf8JsonReader reader)
    where T : class;

/// <summary>
/// Values as they come: names in any case, numbers as numbers or texts, objects where a list is meant, null anywhere. What does not fit is
/// skipped and unknown. Each method ends on the last token of its value. Texts and times are read more leniently than
/// <see cref="JsonScalar"/> reads those of rows: booleans are texts too, and a time needs no seconds.
/// </summary>
internal static class JsonFields
{
    /// <summary>Longest text kept; names that come from the network have no bound of their own.</summary>
    private const int LongestText = 1024;

    /// <summary>Below it a time since 1970 is in seconds: as milliseconds it would be before March 1973, as seconds it is up to the year
    /// 5138.</summary>
    private const long LeastMilliseconds = 100_000_000_000;

    /// <summary>
    /// From the object's start or the end of a value to the next value; false at the object's end. The name is in lower case; the last of
    /// duplicate names wins by coming last.
    /// </summary>
    internal static bool NextField(ref Utf8JsonReader reader, out string name)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.PropertyName)
        {
            name = "";
            return false;
        }

        name = Name(ref reader).ToLowerInvariant();
        reader.Read();
        return true;
    }

    /// <summary>The name under the reader, in its own case.</summary>
    internal static string Name(ref Utf8JsonReader reader) => RawText(ref reader) ?? "";

    internal static bool IsObject(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return true;
        }

        reader.Skip();
        return false;
    }

    /// <summary>A list of objects, or the one object that stands for a list of one.</summary>
    internal static List<T> Items<T>(ref Utf8JsonReader reader, ItemParser<T> parse)
        where T : class
    {
        List<T> items = [];
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Add(ref reader);
            }
        }
        else
        {
            Add(ref reader);
        }

        return items;

        void Add(ref Utf8JsonReader reader)
        {
            if (IsObject(ref reader) && parse(ref reader) is { } item)
            {
                items.Add(item);
            }
        }
    }

    /// <summary>The texts of a list, or one text; of an object in it, the text of its <paramref name="field"/>.</summary>
    internal static List<string> Texts(ref Utf8JsonReader reader, string field)
    {
        List<string> texts = [];
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Add(ref reader);
            }
        }
        else
        {
            Add(ref reader);
        }

        return texts;

        void Add(ref Utf8JsonReader reader)
        {
            var text = reader.TokenType == JsonTokenType.StartObject ? FieldText(ref reader, field) : Text(ref reader);
            if (text is not null)
            {
                texts.Add(text);
            }
        }
    }

    /// <summary>A text, or a number or boolean as text; null for the rest and for an empty text.</summary>
    internal static string? Text(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => RawText(ref reader),
            JsonTokenType.Number => System.Text.Encoding.ASCII.GetString(reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => Skipped<string>(ref reader),
        };
        return string.IsNullOrEmpty(text) ? null : text.Length <= LongestText ? text : text[..LongestText] + "…";
    }

    /// <summary>How many hits there are: a number, or <c>{"value": 10000, "relation": "gte"}</c>, which is none.</summary>
    internal static long? Total(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Whole(ref reader) is { } total and >= 0 ? total : null;
        }

        var (value, isExact) = ((long?)null, true);
        while (NextField(ref reader, out var name))
        {
            switch (name)
            {
                case "value": value = Whole(ref reader); break;
                case "relation": isExact = Text(ref reader) is null or "eq"; break;
                default: reader.Skip(); break;
            }
        }

        return isExact && value >= 0 ? value : null;
    }

    /// <summary>A whole number; fractions are dropped, sizes saturate.</summary>
    internal static long? Whole(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
        {
            reader.Skip();
            return null;
        }

        return JsonScalar.TryWhole(reader.ValueSpan, out var whole) ? whole : null;
    }

    internal static int? Port(ref Utf8JsonReader reader) => Whole(ref reader) is { } port and >= 0 and <= 65535 ? (int)port : null;

    internal static double? Number(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
        {
            reader.Skip();
            return null;
        }

        return Utf8Parser.TryParse(reader.ValueSpan, out double number, out var used) && used == reader.ValueSpan.Length
            && double.IsFinite(number) ? number : null;
    }

    internal static bool? Truth(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String or JsonTokenType.Number =>
            Text(ref reader)?.ToLowerInvariant() switch { "true" or "1" => true, "false" or "0" => false, _ => null },
        _ => Skipped<bool?>(ref reader),
    };

    /// <summary>Milliseconds since 1970: as such (number or text), or <c>2026-01-15 08:00:00</c>, <c>2026-01-15 09:00</c> in UTC.</summary>
    internal static long? Time(ref Utf8JsonReader reader)
    {
        if (Whole(ref reader) is { } ms)
        {
            return ms >= 0 && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? ms : null;
        }

        return reader.TokenType == JsonTokenType.String
            && DateTimeOffset.TryParse(
                RawText(ref reader), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time)
            ? time.ToUnixTimeMilliseconds()
            : null;
    }

    /// <summary>The same, or a number of seconds since 1970.</summary>
    internal static long? TimeOrSeconds(ref Utf8JsonReader reader) =>
        Time(ref reader) is { } time ? (time is > 0 and < LeastMilliseconds ? time * 1000 : time) : null;

    /// <summary>The whole numbers of a list, or one number.</summary>
    internal static List<long> Wholes(ref Utf8JsonReader reader)
    {
        List<long> numbers = [];
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Add(Whole(ref reader));
            return numbers;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Add(Whole(ref reader));
        }

        return numbers;

        void Add(long? number)
        {
            if (number is { } known)
            {
                numbers.Add(known);
            }
        }
    }

    private static string? FieldText(ref Utf8JsonReader reader, string field)
    {
        string? text = null;
        while (NextField(ref reader, out var name))
        {
            if (name == field)
            {
                text = Text(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return text;
    }

    // Half a surrogate pair in an escape is valid JSON and no text.
    private static string? RawText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static T? Skipped<T>(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return default;
    }
}
