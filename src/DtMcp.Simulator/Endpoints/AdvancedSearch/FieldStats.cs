using System.Text.Json;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>How many entries have a number, and its least, greatest, mean and sum.</summary>
internal struct FieldStats
{
    private double _least;
    private double _most;

    public long Count { get; private set; }

    public double Sum { get; private set; }

    public void Add(double value)
    {
        if (double.IsNaN(value))
        {
            return;
        }

        (_least, _most) = Count == 0 ? (value, value) : (Math.Min(_least, value), Math.Max(_most, value));
        Count++;
        Sum += value;
    }

    /// <summary>Of no entries there is no least, greatest or mean.</summary>
    public readonly void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", Count);
        Write(json, "min", _least);
        Write(json, "max", _most);
        Write(json, "avg", Count == 0 ? 0 : Sum / Count);
        json.WriteNumber("sum", Sum);
        json.WriteEndObject();
    }

    private readonly void Write(Utf8JsonWriter json, string name, double value)
    {
        if (Count == 0)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, value);
        }
    }
}

/// <summary>Fields are named with <c>@fields.</c> before them.</summary>
internal static class FieldName
{
    private const string Prefix = "@fields.";

    public static string Of(string named) => named.StartsWith(Prefix, StringComparison.Ordinal) ? named[Prefix.Length..] : named;
}
