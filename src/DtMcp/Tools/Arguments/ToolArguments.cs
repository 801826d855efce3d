using System.Globalization;
using System.Text.Json;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tools.Arguments;

/// <summary>
/// A call's arguments, checked against the tool's parameters. A model's near misses are taken ("443" for 443, "true", 443.0, a list of one,
/// null for absent); what cannot be meant is refused with what is allowed. Pure.
/// </summary>
internal sealed class ToolArguments
{
    private const int LongestText = 256;

    private readonly Dictionary<string, object> _values;

    private ToolArguments(Dictionary<string, object> values) => _values = values;

    /// <summary>The present in the zone of the question, for times that depend on it.</summary>
    public ZoneClock Clock { get; private init; } = new(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc);

    public static ToolArguments Read(string tool, IReadOnlyList<Parameter> parameters, IReadOnlyList<Parameter> required,
        IEnumerable<KeyValuePair<string, JsonElement>> given)
    {
        var arguments = new ToolArguments(new Dictionary<string, object>(StringComparer.Ordinal));
        foreach (var (name, element) in given)
        {
            var parameter = parameters.FirstOrDefault(parameter => parameter.Name == name) ?? throw Unknown(tool, name, parameters);
            if (Scalar(parameter, element) is { } scalar)
            {
                arguments._values[name] = Value(parameter, scalar);
            }
        }

        foreach (var parameter in required)
        {
            if (!arguments.Has(parameter))
            {
                throw Refusal.Of($"{parameter.Name} is missing.", $"{tool} needs it: {Allowed(parameter)}.");
            }
        }

        return arguments;
    }

    /// <summary>The same arguments at a time and in a zone.</summary>
    public ToolArguments At(ZoneClock clock) => new(_values) { Clock = clock };

    public bool Has(Parameter parameter) => _values.ContainsKey(parameter.Name);

    public string? Text(Parameter parameter) => _values.GetValueOrDefault(parameter.Name) as string;

    public long? Integer(Parameter parameter) => _values.GetValueOrDefault(parameter.Name) as long?;

    public int? SmallInteger(Parameter parameter) => (int?)Integer(parameter);

    public bool? Flag(Parameter parameter) => _values.GetValueOrDefault(parameter.Name) as bool?;

    public NetAddress? Address(Parameter parameter) => _values.GetValueOrDefault(parameter.Name) as NetAddress?;

    public IReadOnlyList<string>? Words(Parameter parameter) => _values.GetValueOrDefault(parameter.Name) as IReadOnlyList<string>;

    public TimeSpan? Duration(Parameter parameter) => _values.GetValueOrDefault(parameter.Name) as TimeSpan?;

    public RowSort? Order(Parameter parameter) => _values.GetValueOrDefault(parameter.Name) as RowSort?;

    public GivenTime? Time(Parameter parameter) => _values.GetValueOrDefault(parameter.Name) as GivenTime;

    public GivenSpan? Span(Parameter parameter) => _values.GetValueOrDefault(parameter.Name) as GivenSpan;

    /// <summary>Refuses a call that names none of what it is about.</summary>
    public void NeedOneOf(params Parameter[] parameters)
    {
        if (!parameters.Any(Has))
        {
            var names = Refusal.Either([.. parameters.Select(parameter => parameter.Name)]);
            throw Refusal.Of($"The question needs {names}.", "Give one of them; find_devices and list_filter_values find their values.");
        }
    }

    /// <summary>Refuses a call that names one thing twice.</summary>
    public void NotBoth(Parameter one, Parameter other)
    {
        if (Has(one) && Has(other))
        {
            throw Refusal.Of($"{one.Name} and {other.Name} are both given.", "They name the same thing: give one of them.");
        }
    }

    // The value without JSON around it: a text, a number's own digits, or a flag. Null is absent, and so is an empty text.
    private static string? Scalar(Parameter parameter, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return null;
            case JsonValueKind.True:
                return parameter.Kind is ParameterKind.Flag ? "true" : throw Wrong(parameter, "true");
            case JsonValueKind.False:
                return parameter.Kind is ParameterKind.Flag ? "false" : throw Wrong(parameter, "false");
            case JsonValueKind.Number:
                return element.GetRawText();
            case JsonValueKind.String:
                var text = element.GetString()!.Trim();
                return text.Length == 0 ? null : text;
            case JsonValueKind.Array when element.GetArrayLength() == 0:
                return null;
            case JsonValueKind.Array when parameter.Kind is ParameterKind.Words or ParameterKind.Names
                && element.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String):
                return string.Join(',', element.EnumerateArray().Select(item => item.GetString()!.Trim()));
            case JsonValueKind.Array when element.GetArrayLength() == 1 && element[0].ValueKind is not JsonValueKind.Array:
                return Scalar(parameter, element[0]);
            case JsonValueKind.Array:
                throw Refusal.Of($"{parameter.Name} is a list of {element.GetArrayLength()} values.",
                    "It takes one value: ask once for each.");
            default:
                throw Refusal.Of($"{parameter.Name} is an object.", $"It takes {Allowed(parameter)}.");
        }
    }

    private static object Value(Parameter parameter, string text) => parameter.Kind switch
    {
        ParameterKind.Choice => Choice(parameter, text, text),
        ParameterKind.Words => TwoWords(parameter, text),
        ParameterKind.Names => Names(parameter, text),
        ParameterKind.Sort =>
            RowSort.Of(text.StartsWith('-') ? "-" + Choice(parameter, text[1..], text) : Choice(parameter, text.TrimStart('+'), text))!,
        ParameterKind.Address => NetAddress.TryParse(text, out var address) ? address : throw Wrong(parameter, text),
        ParameterKind.Subnet => IsMeantAsRange(text) && !AddressRange.TryParse(text, out _)
            ? throw Wrong(parameter, text)
            : PlainText(parameter, text),
        ParameterKind.Duration => TimeArguments.ParseDuration(text) ?? throw Wrong(parameter, text),
        ParameterKind.Span => TimeArguments.ParseSpan(text) ?? throw Wrong(parameter, text),
        ParameterKind.TextTime or ParameterKind.EpochTime => TimeArguments.ParseTime(text) ?? throw Wrong(parameter, text),
        ParameterKind.Integer or ParameterKind.Port => Whole(parameter, text),
        ParameterKind.Flag => text.ToUpperInvariant() switch
        {
            "TRUE" or "1" or "YES" => true,
            "FALSE" or "0" or "NO" => false,
            _ => throw Wrong(parameter, text),
        },
        _ => PlainText(parameter, text),
    };

    private static string Choice(Parameter parameter, string word, string given)
    {
        foreach (var value in parameter.Values)
        {
            if (value.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        throw Refusal.Of($"{parameter.Name} is {Refusal.Shown(given)}.",
            $"{NearestName.Hint(word, parameter.Values)}It takes {Allowed(parameter)}.");
    }

    // A label can be anything, but not what is written like an address.
    private static bool IsMeantAsRange(string text) =>
        text.AsSpan().ContainsAny(".:/") && text.All(letter => char.IsAsciiHexDigit(letter) || letter is '.' or ':' or '/');

    private static string[] TwoWords(Parameter parameter, string text)
    {
        string[] words = [.. text.Split([',', ' ', '+'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(word => Choice(parameter, word, word))];
        return words.Length is 1 or 2 && words.Distinct().Count() == words.Length
            ? words
            : throw Refusal.Of($"{parameter.Name} is {Refusal.Shown(text)}.", $"It takes {Allowed(parameter)}.");
    }

    private static string[] Names(Parameter parameter, string text)
    {
        string[] names = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(name => Choice(parameter, name, name)).Distinct()];
        return names.Length > 0 ? names : throw Wrong(parameter, text);
    }

    private static long Whole(Parameter parameter, string text)
    {
        var (least, most) = parameter.Kind is ParameterKind.Port ? (0, 65_535) : (parameter.Minimum, parameter.Maximum);
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            // 443.0 and 1e3 are integers to JSON schema; below 2^53 a double holds them exactly.
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) || real != Math.Floor(real)
                || Math.Abs(real) > 9_007_199_254_740_992)
            {
                throw Wrong(parameter, text);
            }

            number = (long)real;
        }

        return number >= least && number <= most ? number : throw Wrong(parameter, text);
    }

    // A control character could not be signed, and a very long value is no name.
    private static string PlainText(Parameter parameter, string text) =>
        text.Length > LongestText || text.Any(char.IsControl)
            ? throw Refusal.Of($"{parameter.Name} is {Refusal.Shown(text)}.",
                $"It takes a text of at most {LongestText} characters without control characters.")
            : text;

    private static ApplianceException Wrong(Parameter parameter, string text) =>
        Refusal.Of($"{parameter.Name} is {Refusal.Shown(text)}.", $"It takes {Allowed(parameter)}.");

    private static ApplianceException Unknown(string tool, string name, IReadOnlyList<Parameter> parameters)
    {
        var known = parameters.Select(parameter => parameter.Name).ToArray();
        return Refusal.Of($"{tool} has no argument {Refusal.Shown(name)}.",
            $"{NearestName.Hint(name, known)}It takes {string.Join(", ", known)}.");
    }

    private static string Allowed(Parameter parameter) => parameter.Kind switch
    {
        ParameterKind.Names when parameter.Values.Count > 1 => $"{Refusal.Either(parameter.Values)}, several with commas between them",
        ParameterKind.Choice or ParameterKind.Names => Refusal.Either(parameter.Values),
        ParameterKind.Words => $"one or two different ones of {Refusal.Either(parameter.Values)}, with a comma between them",
        ParameterKind.Sort => $"{Refusal.Either(parameter.Values)}, with - before it to turn the order",
        ParameterKind.Address => "an IPv4 or IPv6 address",
        ParameterKind.Subnet => "a range such as 192.168.1.0/24, a label or a sid",
        ParameterKind.Duration => "a number with s, m, h, d or w, such as 15m, 24h or 7d, up to 366d",
        ParameterKind.Span => $"a number with s, m, h, d or w, such as 15m, 24h or 7d, up to 366d; or {TimeWords.Some}",
        ParameterKind.TextTime => "a time, YYYY-MM-DD HH:MM:SS or ISO 8601, a date, or a word such as yesterday",
        ParameterKind.EpochTime => "a time in milliseconds since 1970, UTC",
        ParameterKind.Port => "a port, 0 to 65535",
        ParameterKind.Flag => "true or false",
        ParameterKind.Integer when parameter.Minimum > long.MinValue =>
            string.Create(CultureInfo.InvariantCulture, $"a whole number, {parameter.Minimum} to {parameter.Maximum}"),
        ParameterKind.Integer => "a whole number",
        _ => "a text",
    };
}
