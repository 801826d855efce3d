using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace DtMcp.Serving;

/// <summary>
/// What a client sent as one message, on either transport: one that the SDK can be given, or what is wrong with it. Pure, and it throws at
/// nothing that can be sent: the SDK answers what it stumbles over in a message with "internal error", and a transport that stumbles is at
/// an end.
/// </summary>
/// <param name="Message">The message, or null.</param>
/// <param name="Refusal">What is wrong with it, or null.</param>
internal readonly record struct IncomingMessage(JsonRpcMessage? Message, MessageRefusal? Refusal)
{
    private static readonly JsonSerializerOptions Strict = new(McpJsonUtilities.ProtocolOptions) { AllowDuplicateProperties = false };

    private static readonly JsonTypeInfo<JsonRpcMessage> Any = (JsonTypeInfo<JsonRpcMessage>)Strict.GetTypeInfo(typeof(JsonRpcMessage));

    private static readonly JsonTypeInfo Opening = Strict.GetTypeInfo(typeof(InitializeRequestParams));

    private static readonly (string Key, JsonTypeInfo Type)[] Meta =
    [
        ("io.modelcontextprotocol/clientInfo", Strict.GetTypeInfo(typeof(Implementation))),
        ("io.modelcontextprotocol/clientCapabilities", Strict.GetTypeInfo(typeof(ClientCapabilities))),
#pragma warning disable MCP9005 // Deprecated, and read by the SDK all the same.
        ("io.modelcontextprotocol/logLevel", Strict.GetTypeInfo(typeof(LoggingLevel))),
#pragma warning restore MCP9005
        ("progressToken", Strict.GetTypeInfo(typeof(ProgressToken))),
    ];

    public static IncomingMessage Read(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json) || !IsJson(json, out var outline))
        {
            return new(null, new(MessageRefusal.NoJson, "The message is no JSON.", default));
        }

        if (outline.Fault is { } fault)
        {
            return new(null, new(MessageRefusal.NoRequest, fault, outline.Id));
        }

        try
        {
            var message = JsonSerializer.Deserialize(json, Any);
            return message is JsonRpcRequest request && FaultOf(request) is { } wrong
                ? new(null, new(MessageRefusal.BadParams, wrong, request.Id))
                : new(message, message is null ? NoMessage(default) : null);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // A name twice in one object is an ArgumentException to JsonObject.
            return new(null, NoMessage(outline.Id));
        }
    }

    private static MessageRefusal NoMessage(RequestId id) => new(MessageRefusal.NoRequest, "The message is no JSON-RPC message.", id);

    // {"id":1,...}: the id is worth finding even where the rest cannot be read, so that whoever waits for the answer gets one.
    private static bool IsJson(ReadOnlySpan<byte> json, out (RequestId Id, string? Fault) outline)
    {
        outline = default;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var isId = false;
        try
        {
            while (reader.Read())
            {
                var isText = reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || IsText(ref reader);
                if (!isText)
                {
                    outline.Fault = "The message holds half of a character.";
                }
                else if (isId && reader.CurrentDepth == 1)
                {
                    outline.Id = reader.TokenType switch
                    {
                        JsonTokenType.String => new RequestId(reader.GetString()!),
                        JsonTokenType.Number when reader.TryGetInt64(out var number) => new RequestId(number),
                        _ => default,
                    };
                }

                // A name that is no text cannot even be compared.
                isId = isText && reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1
                    && reader.ValueTextEquals("id"u8);
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // "\ud800" is JSON by its grammar and no text.
    private static bool IsText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return true;
        }

        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? FaultOf(JsonRpcRequest request)
    {
        if (request.Params is { } given && FaultOf(given) is { } fault)
        {
            return fault;
        }

        // The SDK reads these before it answers for what goes wrong: over HTTP that was a fault of the server. A request that says its
        // version is of the protocol that has no initialize: the SDK says so.
        return request.Method == RequestMethods.Initialize && !SaysVersion(request.Params) && !IsOf(request.Params, Opening)
            ? "The params are not of the form that this method takes."
            : null;
    }

    private static bool SaysVersion(JsonNode? given) =>
        given is JsonObject { } named && named["_meta"] is JsonObject meta && meta.ContainsKey("io.modelcontextprotocol/protocolVersion");

    private static bool IsOf(JsonNode? value, JsonTypeInfo type)
    {
        try
        {
            return value is not null && JsonSerializer.Deserialize(value, type) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? FaultOf(JsonNode given)
    {
        if (given is not JsonObject { } all)
        {
            return "The params are no object.";
        }

        if (all["_meta"] is not { } meta)
        {
            return null;
        }

        if (meta is not JsonObject { } named)
        {
            return "_meta is no object.";
        }

        foreach (var (key, type) in Meta)
        {
            if (named[key] is { } value && !IsOf(value, type))
            {
                return $"_meta has a {key} of another type.";
            }
        }

        return null;
    }
}
