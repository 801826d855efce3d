using System.Text;
using System.Text.Json;

namespace DtMcp.Simulator.Records.ConnLogs;

/// <summary>
/// Zeek's JSON lines: <c>{"ts":1258531203.914,"uid":"C...","id.orig_h":"192.168.1.1",...}</c>; <c>"id":{"orig_h":...}</c> is taken too.
/// </summary>
internal static class ConnLogJson
{
    public static ConnLogEntry Read(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        var entry = new ConnLogEntry();
        string? parent = null;
        var field = "";
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    field = parent is null ? reader.GetString()! : $"{parent}.{reader.GetString()}";
                    break;
                case JsonTokenType.StartObject when reader.CurrentDepth == 1:
                    parent = field;
                    break;
                case JsonTokenType.EndObject:
                    parent = null;
                    break;
                case JsonTokenType.StartArray or JsonTokenType.StartObject when reader.CurrentDepth > 0:
                    reader.Skip();
                    break;
                case JsonTokenType.Number:
                    entry.Set(field, Encoding.UTF8.GetString(reader.ValueSpan));
                    break;
                case JsonTokenType.String when reader.GetString() is { Length: > 0 } text && text is not "-" and not "(empty)":
                    entry.Set(field, text);
                    break;
                default:
                    break;
            }
        }

        return entry;
    }
}
