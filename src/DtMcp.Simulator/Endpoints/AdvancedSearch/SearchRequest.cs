using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// A search as it is sent, base64 of JSON:
/// <c>{"search": "@type:conn AND @fields.dest_ip:\"203.0.113.77\"", "fields": [], "offset": 0, "timeframe": "custom", "time": {"from":
/// "2026-01-15T08:00:00.000Z", "to": "..."}, "size": 50}</c>;
/// <c>timeframe</c> may be seconds as text instead.
/// </summary>
internal sealed record SearchRequest(string Search, long FromMs, long ToMs, int Offset, int Size)
{
    /// <summary>The field that a graph is of.</summary>
    public string? AnalyzeField { get; private init; }

    private const int DefaultSize = 50;
    private const int MaxSize = 10_000;
    private const long DefaultSeconds = 900;

    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss"];

    /// <param name="text">Base64, standard or URL-safe, with or without padding.</param>
    /// <param name="nowMs">The appliance's clock, for a timeframe in seconds.</param>
    /// <exception cref="InputErrorException">No base64, no JSON or no search.</exception>
    public static SearchRequest Parse(string text, long nowMs)
    {
        try
        {
            using var document = JsonDocument.Parse(Decode(text));
            return Read(document.RootElement, nowMs);
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException
            or DecoderFallbackException)
        {
            throw new InputErrorException("the search is not base64 of a JSON object");
        }
    }

    private static byte[] Decode(string text)
    {
        var standard = text.Trim().Replace('-', '+').Replace('_', '/').TrimEnd('=');
        return Convert.FromBase64String(standard.PadRight((standard.Length + 3) / 4 * 4, '='));
    }

    private static SearchRequest Read(JsonElement root, long nowMs)
    {
        var search = root.TryGetProperty("search", out var query) ? query.GetString() ?? "" : "";
        var (from, to) = Window(root, nowMs);
        var (offset, size) = (Number(root, "offset") ?? 0, Number(root, "size") ?? DefaultSize);
        if (from > to)
        {
            throw WrongRange();
        }

        return offset is >= 0 and <= int.MaxValue && size is >= 0 and <= MaxSize
            ? new SearchRequest(search, from, to, (int)offset, (int)size)
            {
                AnalyzeField = root.TryGetProperty("analyze_field", out var field) ? field.GetString() : null,
            }
            : throw new InputErrorException("offset, size or time out of range");
    }

    private static (long From, long To) Window(JsonElement root, long nowMs)
    {
        var isCustom = root.TryGetProperty("timeframe", out var frame) && frame.ValueKind == JsonValueKind.String
            && frame.GetString() == "custom";
        if (!isCustom)
        {
            var seconds = Number(root, "timeframe") ?? DefaultSeconds;
            return seconds is > 0 and < 10L * 366 * 86_400
                ? (nowMs - (seconds * 1000), nowMs)
                : throw new InputErrorException("timeframe out of range");
        }

        return root.TryGetProperty("time", out var time) && time.ValueKind == JsonValueKind.Object
            && time.TryGetProperty("from", out var from) && time.TryGetProperty("to", out var to)
            ? (Time(from), Time(to))
            : throw WrongRange();
    }

    private static long Time(JsonElement value) =>
        DateTimeOffset.TryParseExact(value.GetString(), TimeFormats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time.ToUnixTimeMilliseconds()
            : throw WrongRange();

    private static SearchRefusedException WrongRange() => new("Invalid to/from fields in custom range");

    private static long? Number(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String
            ? long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new InputErrorException($"{name} is not a number")
            : value.TryGetInt64(out var whole) ? whole : throw new InputErrorException($"{name} is not a whole number");
    }
}
