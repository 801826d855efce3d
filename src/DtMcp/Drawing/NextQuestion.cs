using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DtMcp.Tools;

namespace DtMcp.Drawing;

/// <summary>The question that a part of a picture leads to. Pure.</summary>
internal sealed record NextQuestion(string Tool, IReadOnlyDictionary<string, string> Arguments)
{
    private const string Form = "yyyy-MM-dd HH:mm:ss";

    /// <summary>Filters that go on from question to question, where the next tool has them.</summary>
    private static readonly string[] Carried =
    [
        "appliance", "tz", "did", "ip", "hostname", "peer", "subnet", "viewsubnet", "intext", "protocol", "applicationprotocol", "port",
        "sourceport", "destinationport", "direction", "state", "country", "asn", "min_bytes", "evidence",
    ];

    // What one of these says, the others say too.
    private static readonly string[] Devices = ["did", "ip", "hostname"];

    public override string ToString() => $"{Tool} {string.Join(' ', Arguments.Select(pair => $"{pair.Key}={pair.Value}"))}";

    public string ToJson()
    {
        var arguments = new JsonObject();
        foreach (var (name, value) in Arguments)
        {
            arguments[name] = value;
        }

        return new JsonObject { ["tool"] = Tool, ["arguments"] = arguments }.ToJsonString();
    }

    /// <summary>What the row of a table leads to; null where nothing closer can be asked.</summary>
    /// <param name="sheet">The answer.</param>
    /// <param name="given">What was asked.</param>
    /// <param name="table">A table of it.</param>
    /// <param name="row">The row's place.</param>
    public static NextQuestion? Of(Sheet sheet, IReadOnlyDictionary<string, string> given, SheetTable table, int row)
    {
        string? Cell(string name) => table.IndexOf(name) is >= 0 and var column ? table.Rows[row][column]?.ToString() : null;

        if (Chart.IsCourse(table))
        {
            var closer = sheet.Tool == "analyze_device_activity" ? sheet.Tool : "summarize_network_traffic";
            return Time(table, row) is { } start
                ? Following(closer, given, ("from", Text(start)), ("to", Text(start + Step(table) - TimeSpan.FromSeconds(1)))) : null;
        }

        var window = new[] { ("from", sheet.From ?? ""), ("to", sheet.To ?? "") };
        NextQuestion? Ask(string tool, params (string, string)[] own) => Following(tool, given, [.. own, .. window]);

        var device = sheet.Device.FirstOrDefault(field => field.Name == "did").Value is { ValueKind: JsonValueKind.Number } did
            ? did.GetRawText() : null;
        return Cell("kind") is not null && Cell("source_did") is { } source
                ? Ask("get_network_traffic", Cell("destination") is { } end ? [("did", source), ("peer", end)] : [("did", source)])
            : device is not null && Cell("ip") is { } far ? Ask("get_network_traffic", ("did", device), ("peer", far))
            : (Cell("did") ?? Cell("device_did")) is { } one ? Ask("analyze_device_activity", ("did", one))
            : (Cell("ip") ?? Cell("peer")) is { } peer ? Ask("aggregate_traffic", ("by", "device,port"), ("peer", peer))
            : (Cell("port") ?? Cell("destination_port")) is { } port ? Ask("aggregate_traffic", ("by", "device"), ("port", port))
            : Cell("name") is { } name && table.Name is "protocols" or "applicationprotocols"
                ? Ask("aggregate_traffic", ("by", "device"), (table.Name[..^1], Cell("name")!))
            : Cell("country") is { } country ? Ask("aggregate_traffic", ("by", "peer"), ("country", country))
            : null;
    }

    private static NextQuestion? Following(string name, IReadOnlyDictionary<string, string> given, params (string Name, string Value)[] own)
    {
        if (ToolCatalog.Find(name) is not { } tool)
        {
            return null;
        }

        var known = tool.Parameters.Select(parameter => parameter.Name).Append("appliance").ToHashSet();
        var arguments = own.Where(pair => pair.Value.Length > 0).ToDictionary(pair => pair.Name, pair => pair.Value);
        var isOfDevice = Devices.Any(arguments.ContainsKey);
        foreach (var filter in Carried.Where(filter => given.ContainsKey(filter) && known.Contains(filter)))
        {
            if (!isOfDevice || !Devices.Contains(filter))
            {
                arguments.TryAdd(filter, given[filter]);
            }
        }

        return new NextQuestion(name, arguments);
    }

    private static TimeSpan Step(SheetTable table) =>
        table.Rows.Count > 1 && Time(table, 0) is { } first && Time(table, 1) is { } second && second > first
            ? second - first : TimeSpan.FromHours(1);

    private static DateTime? Time(SheetTable table, int row) =>
        DateTime.TryParse(table.Rows[row][0]?.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    private static string Text(DateTime time) => time.ToString(Form, CultureInfo.InvariantCulture);
}
