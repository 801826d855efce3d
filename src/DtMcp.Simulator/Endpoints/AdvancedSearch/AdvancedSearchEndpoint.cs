using System.Globalization;
using System.Text.Json;
using DtMcp.Simulator.Endpoints.Companions;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// <c>/advancedsearch/api/search</c>: GET with the search as the last segment of the path, or POST with <c>{"hash": "..."}</c>. Records newest first,
/// the only place with bytes a connection. What is not known is left out.
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
        var (records, search) = (request.Records, SearchRequest.Parse(posted ? Hash(request) : Uri.UnescapeDataString(request.Rest), request.Appliance.NowMs));
        var rows = SearchCache.Rows(records, search);
        var json = answer.Json;
        json.WriteStartObject();
        json.WriteNumber("took", 17);
        json.WriteBoolean("timed_out", false);
        WriteShards(json);
        json.WriteStartObject("hits");
        json.WriteNumber("total", rows.Length);
        json.WriteNull("max_score");
        json.WriteStartArray("hits");
        for (var place = rows.Length - 1 - search.Offset; place >= 0 && answer.Rows < search.Size; place--)
        {
            WriteHit(json, records, rows[place]);
            answer.Rows++;
            await answer.DrainAsync(cancellationToken).ConfigureAwait(false);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("darktraceChildError", "");
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

    private static void WriteHit(Utf8JsonWriter json, RecordSet records, int number)
    {
        ref readonly var row = ref records.Rows[number];
        json.WriteStartObject();
        json.WriteString("_index", WireTime.Format(row.StartMs, "'logstash-dt-01-'yyyy.MM.dd"));
        json.WriteString("_type", "doc");
        json.WriteString("_id", string.Create(CultureInfo.InvariantCulture, $"conn-{number}"));
        json.WriteNull("_score");
        json.WriteStartObject("_source");
        WriteFields(json, records, number, row);
        json.WriteString("@type", "conn");
        json.WriteString("@timestamp", WireTime.Iso(row.StartMs));
        json.WriteEndObject();
        json.WriteStartArray("sort");
        json.WriteNumberValue(row.StartMs);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, RecordSet records, int number, in ConnectionRecord row)
    {
        json.WriteStartObject("@fields");
        json.WriteString("source_ip", records.Addresses[row.Source].ToString());
        json.WriteNumber("source_port", row.SourcePort);
        json.WriteString("dest_ip", records.Addresses[row.Destination].ToString());
        json.WriteNumber("dest_port", row.DestinationPort);
        json.WriteString("proto", records.Protocols[row.Protocol]);
        if (row.Service != 0)
        {
            json.WriteString("service", records.Services[row.Service]);
        }

        if (row.HasDuration)
        {
            json.WriteNumber("duration", row.DurationSeconds);
        }

        json.WriteNumber("orig_bytes", row.OrigBytes);
        json.WriteNumber("resp_bytes", row.RespBytes);
        json.WriteNumber("orig_pkts", row.OrigPackets);
        json.WriteNumber("resp_pkts", row.RespPackets);
        if (row.State != ConnState.None)
        {
            json.WriteString("conn_state", row.State.ToString());
        }

        json.WriteString("uid", records.Uid(number));

        // Epoch seconds with three decimals, always: 1768467522.000.
        json.WriteNumber("ts", new decimal((int)row.StartMs, (int)(row.StartMs >> 32), 0, isNegative: false, scale: 3));
        json.WriteEndObject();
    }

    private static void WriteKibana(Utf8JsonWriter json, SearchRequest search)
    {
        json.WriteStartObject("kibana");
        json.WriteStartArray("index");
        json.WriteStringValue(WireTime.Format(search.ToMs, "'logstash-darktrace-'yyyy.MM.dd"));
        json.WriteEndArray();
        json.WriteNumber("per_page", search.Size);
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
