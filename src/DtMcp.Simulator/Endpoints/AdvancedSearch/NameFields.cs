using System.Globalization;
using System.Text.Json;
using DtMcp.Simulator.Records.NameLogs;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>The fields of an entry as the appliance calls them. What is not known is left out.</summary>
internal static class NameFields
{
    /// <summary>The values of a field, none where the entry lacks it.</summary>
    public static IEnumerable<string> Texts(NameEntry entry, string field) => (entry.Kind, field) switch
    {
        (_, "source_ip") => [entry.Source.ToString()],
        (_, "dest_ip") => [entry.Destination.ToString()],
        (_, "source_port") => [Whole(entry.SourcePort)],
        (_, "dest_port") => [Whole(entry.DestinationPort)],
        (_, "uid") => [entry.Uid],
        (NameKind.Dns, "answers") => entry.Answers,
        (NameKind.Dns, "query") or (NameKind.Ssl, "server_name") or (NameKind.Http, "host") => One(entry.Name),
        (NameKind.Dns, "query_type") or (NameKind.Ssl, "version") or (NameKind.Http, "method") => One(entry.Type),
        (NameKind.Dns, "err_code") or (NameKind.Ssl, "validation_status") or (NameKind.Http, "status_code") => One(entry.Outcome),
        (NameKind.Ssl, "ja3_client_fingerprint") or (NameKind.Http, "user_agent") => One(entry.Client),
        (NameKind.Ssl, "subject") or (NameKind.Http, "uri") => One(entry.Detail),
        (NameKind.Dns, "proto") => ["udp"],
        _ => [],
    };

    public static void Write(Utf8JsonWriter json, NameEntry entry)
    {
        json.WriteNumber("epochdate"u8, entry.StartMs / 1000m);
        json.WriteString("source_ip"u8, entry.Source.ToString());
        json.WriteNumber("source_port"u8, entry.SourcePort);
        json.WriteString("dest_ip"u8, entry.Destination.ToString());
        json.WriteNumber("dest_port"u8, entry.DestinationPort);
        json.WriteString("uid"u8, entry.Uid);
        switch (entry.Kind)
        {
            case NameKind.Dns:
                WriteQuery(json, entry);
                break;
            case NameKind.Ssl:
                json.WriteBoolean("established"u8, true);
                json.WriteBoolean("resumed"u8, false);
                Write(json, "server_name", entry.Name);
                Write(json, "version", entry.Type);
                Write(json, "validation_status", entry.Outcome);
                Write(json, "ja3_client_fingerprint", entry.Client);
                Write(json, "subject", entry.Detail);
                break;
            default:
                Write(json, "host", entry.Name);
                Write(json, "method", entry.Type);
                if (long.TryParse(entry.Outcome, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
                {
                    json.WriteNumber("status_code"u8, status);
                }

                Write(json, "user_agent", entry.Client);
                Write(json, "uri", entry.Detail);
                break;
        }
    }

    private static void WriteQuery(Utf8JsonWriter json, NameEntry entry)
    {
        Write(json, "query", entry.Name);
        Write(json, "query_type", entry.Type);
        json.WriteString("query_class"u8, "C_INTERNET"u8);
        json.WriteString("proto"u8, "udp"u8);
        json.WriteString("details"u8, "Request."u8);
        Write(json, "err_code", entry.Outcome);
        if (entry.Answers.Count > 0)
        {
            json.WriteStartArray("answers"u8);
            foreach (var answer in entry.Answers)
            {
                json.WriteStringValue(answer);
            }

            json.WriteEndArray();
            json.WriteStartArray("TTLs"u8);
            json.WriteNumberValue(300);
            json.WriteEndArray();
        }
    }

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static string[] One(string? value) => value is null ? [] : [value];

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);
}
