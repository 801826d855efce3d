using System.IO.Enumeration;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary>
/// The query of <c>/devicesearch</c>: <c>text</c> searches everything, <c>field:"value"</c> one field, <c>*</c> stands for anything. A
/// space is AND, a field that comes again is OR. With the words AND or OR in it nothing is found.
/// </summary>
internal sealed class DeviceQuery
{
    private static readonly string[] Fields = ["label", "tag", "type", "hostname", "ip", "mac", "vendor", "os"];

    private readonly List<(string? Field, List<string> Values)> _terms = [];

    private DeviceQuery()
    {
    }

    public static DeviceQuery Parse(string? text)
    {
        var query = new DeviceQuery();
        for (var rest = (text ?? "").AsSpan().TrimStart(); rest.Length > 0; rest = rest.TrimStart())
        {
            var colon = rest.IndexOf(':');
            var field = colon > 0 ? Fields.FirstOrDefault(rest[..colon].ToString().ToLowerInvariant().Equals) : null;
            if (field is not null)
            {
                rest = rest[(colon + 1)..];
            }

            query.Add(field, Value(ref rest));
        }

        return query;
    }

    public bool Matches(Device device) => _terms.TrueForAll(term => term.Field is { } field
        ? term.Values.Exists(value => Texts(device, field).Any(text => Is(text, value)))
        : term.Values.Exists(value => value is not ("AND" or "OR") && Fields.Any(any => Texts(device, any).Any(text => Has(text, value)))));

    private static string Value(ref ReadOnlySpan<char> rest)
    {
        var quoted = rest.Length > 0 && rest[0] == '"';
        if (quoted)
        {
            rest = rest[1..];
        }

        var end = rest.IndexOf(quoted ? '"' : ' ');
        var value = (end < 0 ? rest : rest[..end]).ToString();
        rest = end < 0 ? default : rest[(end + 1)..];
        return value;
    }

    private void Add(string? field, string value)
    {
        if (field is not null && _terms.Find(term => term.Field == field) is { Values: { } values })
        {
            values.Add(value);
            return;
        }

        _terms.Add((field, [value]));
    }

    private static bool Is(string text, string value) => FileSystemName.MatchesSimpleExpression(value, text, ignoreCase: true);

    private static bool Has(string text, string value) => FileSystemName.MatchesSimpleExpression($"*{value}*", text, ignoreCase: true);

    private static IEnumerable<string> Texts(Device device, string field) => field switch
    {
        "label" => One(device.Facts.Label),
        "tag" => device.Facts.Tags,
        "type" => One(device.Facts.TypeName).Concat(One(device.Facts.TypeLabel)),
        "hostname" => One(device.Facts.Hostname),
        "ip" => One(device.Address.ToString()),
        "mac" => One(device.Facts.Mac),
        "vendor" => One(device.Facts.Vendor),
        _ => One(device.Facts.Os),
    };

    private static IEnumerable<string> One(string? text) => text is null ? [] : [text];
}
