using System.Text.Json;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>One value of a category: codes are texts, not always numeric, and may be negative.</summary>
public sealed record EnumValue(string Code, string Name, bool Hidden);

/// <summary>A category of <c>/enums</c>, such as <c>Protocol</c> or <c>Application protocol</c>; names vary with the environment.</summary>
public sealed record EnumCategory(string Name, IReadOnlyList<EnumValue> Values)
{
    /// <summary><c>{"Protocol":[{"code":"6","name":"TCP"}]}</c>, or the bare list of the category that was asked.</summary>
    internal static IReadOnlyList<EnumCategory> Parse(ref Utf8JsonReader reader, string? asked)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            return [new EnumCategory(asked ?? "", Json.Items(ref reader, ParseValue))];
        }

        List<EnumCategory> categories = [];
        if (Json.IsObject(ref reader))
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = Json.Name(ref reader);
                reader.Read();
                categories.Add(new EnumCategory(name, Json.Items(ref reader, ParseValue)));
            }
        }

        return categories;
    }

    private static EnumValue? ParseValue(ref Utf8JsonReader reader)
    {
        string? code = null, name = null;
        var hidden = false;
        while (Json.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "code": code = Json.Text(ref reader); break;
                case "name": name = Json.Text(ref reader); break;
                case "hidden": hidden = Json.Truth(ref reader) == true; break;
                default: reader.Skip(); break;
            }
        }

        return (code ?? name) is { } either ? new EnumValue(code ?? either, name ?? either, hidden) : null;
    }
}
