using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Requests.Searches;

/// <summary>
/// <c>GET /advancedsearch/api/search/{base64}</c> of
/// <c>{"search":"@type:conn","fields":[],"offset":0,"timeframe":"custom",
/// "time":{"from":"2026-01-15T08:00:00.000Z","to":"2026-01-15T09:00:00.000Z","user_interval":"0"},"size":10000}</c>,
/// or <c>POST /advancedsearch/api/search</c> of <c>{"hash":"{base64}"}</c> (6.1 and later) when the text is too long for a path. In a path
/// it is URL-safe base64 without padding, which needs no encoding and so is signed as sent.
/// </summary>
internal static class AdvancedSearchRequest
{
    internal const string Endpoint = "/advancedsearch/api/search";

    /// <summary>The most rows that one page may hold.</summary>
    internal const int PageSize = 10_000;

    /// <summary>Paths above this many characters of base64 are left to POST.</summary>
    internal const int MaxPathLength = 4_000;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static ApplianceRequest Build(string search, TimeWindow window, long offset, int size)
    {
        var from = Iso(window.StartMs);
        var to = Iso(window.EndMs);
        var json = Write(search, from, to, offset, size, analyzeField: null);
        Parameter[] said = [new("search", search), new("from", from), new("to", to),
            new("offset", offset.ToString(CultureInfo.InvariantCulture))];
        var text = Base64Url.EncodeToString(json);
        return text.Length <= MaxPathLength
            ? new ApplianceRequest(Endpoint, []) { Path = $"{Endpoint}/{text}", Described = said }
            : new ApplianceRequest(Endpoint, []) { Json = $"{{\"hash\":\"{Convert.ToBase64String(json)}\"}}", Described = said };
    }

    /// <summary>The JSON of a search, as counts take it too.</summary>
    internal static ReadOnlySpan<byte> Write(string search, string from, string to, long offset, int size, string? analyzeField)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("search"u8, search);
            writer.WriteStartArray("fields"u8);
            writer.WriteEndArray();
            writer.WriteNumber("offset"u8, offset);
            writer.WriteString("timeframe"u8, "custom"u8);
            writer.WriteStartObject("time"u8);
            writer.WriteString("from"u8, from);
            writer.WriteString("to"u8, to);
            writer.WriteString("user_interval"u8, "0"u8);
            writer.WriteEndObject();
            writer.WriteNumber("size"u8, size);
            if (analyzeField is not null)
            {
                writer.WriteString("analyze_field"u8, analyzeField);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }

    internal static string Iso(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
