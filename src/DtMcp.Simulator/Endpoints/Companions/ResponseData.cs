using System.Buffers;
using System.Text.Json;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary>
/// <c>responsedata</c>: of an object one field by name, of an array's elements several by a comma list. Names in any case; an unknown one
/// leaves
/// <c>{}</c>, or <c>[{}]</c> in an array.
/// </summary>
internal sealed class ResponseData
{
    /// <summary>Where people would look at the appliance.</summary>
    public const string Page = "https://darktrace.example/";

    private readonly string[]? _names;
    private readonly ArrayBufferWriter<byte> _buffer = new();

    private ResponseData(string[]? names) => _names = names;

    /// <summary>For an answer that is one object: no comma lists.</summary>
    public static ResponseData OfObject(EndpointRequest request) => new(request.Text("responsedata") is { } name ? [name] : null);

    /// <summary>For the elements of an array.</summary>
    public static ResponseData OfElements(EndpointRequest request) =>
        new(request.Text("responsedata")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Writes an object, or what was asked of it.</summary>
    public void Write<T>(Utf8JsonWriter json, T value, Action<Utf8JsonWriter, T> write)
    {
        if (_names is null)
        {
            write(json, value);
            return;
        }

        _buffer.ResetWrittenCount();
        using (var whole = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            write(whole, value);
        }

        using var document = JsonDocument.Parse(_buffer.WrittenMemory);
        json.WriteStartObject();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (_names.Contains(property.Name, StringComparer.OrdinalIgnoreCase))
            {
                property.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }
}
