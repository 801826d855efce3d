using System.Text.Json;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>What all answers of Advanced Search have in common.</summary>
internal static class SearchAnswer
{
    /// <summary>Answers what <paramref name="answer"/> writes, or a refusal: status 200 and <c>{"error": "..."}</c>.</summary>
    public static async Task WriteAsync(EndpointRequest request, Func<SearchRequest> parse, AnswerWriter answer,
        Func<SearchRequest, SearchCache.Found, Task> write)
    {
        try
        {
            var search = parse();
            await write(search, SearchCache.Find(request.Records, search)).ConfigureAwait(false);
        }
        catch (SearchRefusedException refused)
        {
            answer.Json.WriteStartObject();
            answer.Json.WriteString("error", refused.Message);
            answer.Json.WriteEndObject();
        }
    }

    /// <summary>What was found, without what a silent probe alone saw.</summary>
    public static RowBits Answering(this SearchCache.Found found, EndpointRequest request) =>
        request.IsProbeSilent ? found.Selected.And(found.Entries.OfSecondProbe.Not()) : found.Selected;

    public static void WriteStart(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("took", 17);
        json.WriteBoolean("timed_out", false);
        json.WriteStartObject("_shards");
        json.WriteNumber("total", 2);
        json.WriteNumber("successful", 2);
        json.WriteNumber("skipped", 0);
        json.WriteNumber("failed", 0);
        json.WriteEndObject();
    }

    /// <summary>Hits of an answer that counts: how many, and none of them.</summary>
    public static void WriteTotal(Utf8JsonWriter json, int total)
    {
        json.WriteStartObject("hits");
        json.WriteNumber("total", total);
        json.WriteNull("max_score");
        json.WriteStartArray("hits");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <param name="json">Where to.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="search">The search.</param>
    /// <param name="next">The number of the day before that there is more of; null where answers do not come by the day.</param>
    public static void WriteEnd(Utf8JsonWriter json, EndpointRequest request, SearchRequest search, int? next = null)
    {
        json.WriteString("darktraceChildError", request.IsProbeSilent ? SearchEntry.SecondProbe : "");
        json.WriteStartObject("kibana");
        json.WriteStartArray("index");
        json.WriteStringValue(WireTime.Format(search.ToMs, "'logstash-darktrace-'yyyy.MM.dd"));
        json.WriteEndArray();
        json.WriteNumber("per_page", 50);
        json.WriteStartObject("time");
        json.WriteString("from", WireTime.Iso(search.FromMs));
        json.WriteString("to", WireTime.Iso(search.ToMs));
        json.WriteEndObject();
        json.WriteStartArray("default_fields");
        json.WriteStringValue("@type");
        json.WriteStringValue("@message");
        json.WriteEndArray();
        if (next is { } older)
        {
            json.WriteNumber("next", older);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
