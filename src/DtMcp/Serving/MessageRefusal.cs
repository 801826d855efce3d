using System.Buffers;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace DtMcp.Serving;

/// <summary>The answer to what is no message.</summary>
/// <param name="Code">JSON-RPC's.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Id">The message's id where it could be read.</param>
internal sealed record MessageRefusal(int Code, string Text, RequestId Id)
{
    public const int NoJson = -32700;

    public const int NoRequest = -32600;

    public const int BadParams = -32602;

    /// <summary>
    /// <c>{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"..."}}</c>; MCP's schema leaves the id out where none could be read.
    /// </summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc"u8, "2.0"u8);
            switch (Id.Id)
            {
                case long number:
                    json.WriteNumber("id"u8, number);
                    break;
                case string name:
                    json.WriteString("id"u8, name);
                    break;
            }

            json.WriteStartObject("error"u8);
            json.WriteNumber("code"u8, Code);
            json.WriteString("message"u8, Text);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
