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
            return [new EnumCategory(asked ?? "", JsonFields.Items(ref reader, ParseValue))];
        }

        List<EnumCategory> categories = [];
        if (JsonFields.IsObject(ref reader))
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = JsonFields.Name(ref reader);
                reader.Read();
                categories.Add(new EnumCategory(name, JsonFields.Items(ref reader, ParseValue)));
            }
        }

        return categories;
    }

    private static EnumValue? ParseValue(ref Utf8JsonReader reader)
    {
        string? code = null, name = null;
        var hidden = false;
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "code": code = JsonFields.Text(ref reader); break;
                case "name": name = JsonFields.Text(ref reader); break;
                case "hidden": hidden = JsonFields.Truth(ref reader) == true; break;
                default: reader.Skip(); break;
            }
        }

        return (code ?? name) is { } either ? new EnumValue(code ?? either, name ?? either, hidden) : null;
    }
}
