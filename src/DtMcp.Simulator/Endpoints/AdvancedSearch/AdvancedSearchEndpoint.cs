using System.Text.Json;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// <c>/advancedsearch/api/search</c>: GET with the search as the last segment of the path, or POST with <c>{"hash": "..."}</c>. Entries by
/// their insertion, newest first, the only place with bytes a connection. What is not known is left out.
/// </summary>
internal sealed class AdvancedSearchEndpoint(bool posted) : IEndpoint
{
    private const string Prefix = "/advancedsearch/api/search";

    public string Path => posted ? Prefix : Prefix + "/";

    public Permission Needs => Permission.AdvancedSearch;

    public bool RefusesRestricted => true;

    public bool TakesPost => posted;

    public async Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        var json = answer.Json;
        SearchRequest search;
        try
        {
            search = SearchRequest.Parse(posted ? Hash(request) : Uri.UnescapeDataString(request.Rest), request.Appliance.NowMs);
        }
        catch (SearchRefusedException refused)
        {
            json.WriteStartObject();
            json.WriteString("error", refused.Message);
            json.WriteEndObject();
            return;
        }

        var records = request.Records;
        var rows = SearchCache.Rows(records, search);
        if (request.IsProbeSilent)
        {
            rows = Array.FindAll(rows, row => !SearchEntry.IsOfSecondProbe(records.Rows[row]));
        }

        json.WriteStartObject();
        json.WriteNumber("took", 17);
        json.WriteBoolean("timed_out", false);
        WriteShards(json);
        json.WriteStartObject("hits");
        json.WriteNumber("total", rows.Length);
        json.WriteNull("max_score");
        json.WriteStartArray("hits");
        var entry = new SearchEntry(records);
        for (var place = rows.Length - 1 - search.Offset; place >= 0 && answer.Rows < search.Size; place--)
        {
            entry.Write(json, rows[place]);
            answer.Rows++;
            await answer.DrainAsync(cancellationToken).ConfigureAwait(false);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("darktraceChildError", request.IsProbeSilent ? SearchEntry.SecondProbe : "");
        WriteKibana(json, search);
        json.WriteEndObject();
    }

    private static string Hash(EndpointRequest request)
    {
        try
        {
            using var document = JsonDocument.Parse(request.Body);
            return document.RootElement.GetProperty("hash").GetString() ?? throw new InputErrorException("hash is null");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InputErrorException("the body is {\"hash\": \"...\"}");
        }
    }

    private static void WriteShards(Utf8JsonWriter json)
    {
        json.WriteStartObject("_shards");
        json.WriteNumber("total", 2);
        json.WriteNumber("successful", 2);
        json.WriteNumber("skipped", 0);
        json.WriteNumber("failed", 0);
        json.WriteEndObject();
    }

    private static void WriteKibana(Utf8JsonWriter json, SearchRequest search)
    {
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
        json.WriteEndObject();
    }
}
