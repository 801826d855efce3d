using System.Globalization;
using System.Text;
using System.Text.Json;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Json;

/// <summary>
/// One element of a small table, flattened: <c>{"ips":[{"ip":"a"}],"Size":3}</c> is <c>ips.ip</c> = a, <c>size</c> = 3. Keys are folded;
/// the last of a repeated key wins; elements of an array share one name. Only strings and numbers are values; nulls and booleans leave the
/// name empty.
/// </summary>
internal sealed class FlatEntry
{
    /// <summary>Of one name: tags and addresses of a device.</summary>
    private const int MaxValues = 64;

    /// <summary>The documented entries have thirty; what a hostile one adds is not kept.</summary>
    private const int MaxNames = 512;

    /// <summary>The documented entries nest three deep; names deeper than this mean nothing to us.</summary>
    private const int MaxNesting = 6;

    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    /// <summary>Bytes that the entry takes once it is kept, about: its texts, and the record around them.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// Reads on from the opening token that the reader stands on, or takes the value there; false when the text ends inside it.
    /// </summary>
    public bool TryRead(ref Utf8JsonReader reader)
    {
        _values.Clear();
        Bytes = 96;
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            Add("", ref reader);
            return true;
        }

        var outside = reader.CurrentDepth;
        var names = new string[JsonStream.MaxDepth + 2];
        var shared = new bool[JsonStream.MaxDepth + 2];
        var (depth, name) = (0, "");
        names[0] = "";
        shared[0] = reader.TokenType == JsonTokenType.StartArray;
        Span<byte> folded = stackalloc byte[FieldNames.Longest];
        while (reader.Read())
        {
            JsonScalar.Check(ref reader);
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    var key = Encoding.UTF8.GetString(folded[..FieldNames.Fold(ref reader, folded)]);
                    name = depth > MaxNesting ? "" : names[depth].Length == 0 ? key : $"{names[depth]}.{key}";
                    if (!shared[depth])
                    {
                        Forget(name);
                    }

                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    shared[depth + 1] = shared[depth] || reader.TokenType == JsonTokenType.StartArray;
                    names[++depth] = name;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray when reader.CurrentDepth == outside:
                    return true;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    depth--;
                    name = names[depth];
                    break;
                default:
                    Add(name, ref reader);
                    break;
            }
        }

        return false;
    }

    public string? Text(string name) => _values.GetValueOrDefault(name) is [var first, ..] ? first : null;

    public string? Text(string name, string otherwise) => Text(name) ?? Text(otherwise);

    /// <summary>Every text and number of the entry, as a list in words; null when it has none.</summary>
    public string? AllTexts => _values.Count == 0 ? null : string.Join(", ", _values.Values.SelectMany(static values => values));

    public IReadOnlyList<string>? Texts(string name) => _values.GetValueOrDefault(name);

    public long? Whole(string name) =>
        Text(name) is { } text && JsonScalar.TryWhole(Encoding.UTF8.GetBytes(text), out var value) ? value : null;

    /// <summary>A size: not below zero, at most <see cref="JsonScalar.LargestSize"/>; null when missing.</summary>
    public long? Size(string name) => Whole(name) is { } size ? Math.Clamp(size, 0, JsonScalar.LargestSize) : null;

    public double? Number(string name) =>
        double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;

    /// <summary>Milliseconds since 1970 from a number or a text.</summary>
    public long? Time(string name) => Text(name) is { } text && JsonScalar.TryTime(Encoding.UTF8.GetBytes(text), out var ms) ? ms : null;

    /// <summary>What the entry says of an endpoint, below <paramref name="at"/> (empty, or a name with its dot).</summary>
    public HostDetails Details(string at = "") => new()
    {
        Hostname = Text(at + "hostname"),
        DeviceLabel = Text(at + "devicelabel"),
        MacAddress = Text(at + "macaddress"),
        Vendor = Text(at + "vendor"),
        Os = Text(at + "os"),
        Type = Text(at + "devicetype") ?? Text(at + "typelabel", at + "typename"),
        FirstSeen = Time(at + "firstseen"),
        LastSeen = Time(at + "lastseen"),
        Tags = Texts(at + "tags.name") ?? Texts(at + "tags"),
        Country = Text(at + "country"),
        Asn = Text(at + "asn"),
        SubnetId = Whole(at + "sid"),
    };

    private void Add(string name, ref Utf8JsonReader reader)
    {
        if (JsonScalar.Text(ref reader) is not { } text)
        {
            return;
        }

        if (!_values.TryGetValue(name, out var list))
        {
            if (_values.Count >= MaxNames)
            {
                return;
            }

            _values.Add(name, list = []);
        }

        if (list.Count < MaxValues)
        {
            Bytes += KeptNames.BytesOf(text);
            list.Add(text);
        }
    }

    private void Forget(string name)
    {
        if (_values.Count == 0)
        {
            return;
        }

        _values.Remove(name);
        foreach (var known in _values.Keys)
        {
            if (known.Length > name.Length && known[name.Length] == '.' && known.StartsWith(name, StringComparison.Ordinal))
            {
                _values.Remove(known);
            }
        }
    }
}
