using System.Globalization;
using System.Text.Json;
using DtMcp.Simulator.Endpoints.Network;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary>
/// <c>/enums</c>: category to <c>[{"code": "6", "name": "TCP"}]</c>. Codes are strings. One category with <c>responsedata</c>.
/// </summary>
internal sealed class EnumsEndpoint : IEndpoint
{
    private static readonly string[] CommonProtocols = ["icmp", "igmp", "tcp", "udp", "gre", "esp", "ipv6-icmp", "ospf", "sctp"];

    private static readonly string[] CommonServices =
        ["dns", "http", "https", "ssl", "ssh", "smtp", "imap", "pop3", "ftp", "smb", "kerberos", "ldap", "ntlm", "rdp", "dce_rpc", "dhcp",
            "ntp", "snmp", "sip", "telnet", "mysql", "bittorrent", "quic", "syslog", "tftp", "radius"];

    private static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    private static readonly string[] DeviceTypes = ["Unknown", "Laptop", "Mobile", "Server", "Desktop", "Printer", "IP Phone", "Camera",
        "Internet of Things"];

    public string Path => "/enums";

    public Permission Needs => Permission.Visualizer | Permission.PlatformAccountsConsole | Permission.ViewModels | Permission.EditModels;

    public Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        ResponseData.OfObject(request).Write(answer.Json, request.Records, Write);
        answer.Rows = 1;
        return Task.CompletedTask;
    }

    private static void Write(Utf8JsonWriter json, RecordSet records)
    {
        json.WriteStartObject();
        Category(json, "Country",
            [("0", "Unknown"), .. records.Outside.Values.Where(info => info.CountryCode is not null && info.Country is not null)
            .Select(info => (info.CountryCode!, info.Country!)).Distinct().OrderBy(pair => pair.Item2, StringComparer.Ordinal)]);
        Category(json, "Matching metrics", NetworkMetric.All.Select(metric => (metric.Name, metric.Label)));
        Category(json, "DNS response code", [("0", "NOERROR"), ("2", "SERVFAIL"), ("3", "NXDOMAIN"), ("5", "REFUSED")]);
        Category(json, "Proxied connection", [("true", "True"), ("false", "False")]);
        Category(json, "Trusted hostname", [("true", "True"), ("false", "False")]);
        Category(json, "Day of the week", Days.Select((day, place) => (Text(place + 1), day)));
        Types(json, "Internal source device type");
        Types(json, "Internal destination device type");
        Category(json, "Protocol", Protocols(records));
        Category(json, "Application protocol", Services(records));
        Category(json, "Vendor",
            records.Devices.All.Select(device => device.Facts.Vendor).OfType<string>().Distinct().Order(StringComparer.Ordinal)
            .Select((vendor, place) => (Text(-16_579_579 - place), vendor)));
        Category(json, "Action Direction", [("in", "Inbound"), ("out", "Outbound")]);
        json.WriteEndObject();
    }

    private static IEnumerable<(string Code, string Name)> Protocols(RecordSet records) =>
        Names(records.Protocols, 0).Concat(CommonProtocols)
            .Select(name => (Code: WireCodes.Protocol(name), Name: name.ToUpperInvariant())).DistinctBy(pair => pair.Name).OrderBy(pair =>
                pair.Code).Select(pair => (Text(pair.Code), pair.Name));

    // Those in the records by their rows, then common ones that no record has.
    private static IEnumerable<(string Code, string Name)> Services(RecordSet records)
    {
        List<string> names = [.. Names(records.Services, 0).Select(WireCodes.ApplicationProtocolName)];
        names.AddRange(CommonServices.Select(name => name.ToUpperInvariant()).Where(name => !names.Contains(name)));
        return names.Select((name, row) => (Text(WireCodes.ApplicationProtocol(row)), name));
    }

    private static IEnumerable<string> Names(NameTable table, int from) =>
        Enumerable.Range(from, table.Count - from).Select(row => table[row]);

    private static void Types(Utf8JsonWriter json, string category)
    {
        json.WriteStartArray(category);
        json.WriteStartObject();
        json.WriteString("code", "0");
        json.WriteString("name", "None");
        json.WriteBoolean("hidden", true);
        json.WriteEndObject();
        foreach (var (name, place) in DeviceTypes.Select((name, place) => (name, place)))
        {
            Entry(json, Text(place + 1), name);
        }

        json.WriteEndArray();
    }

    private static void Category(Utf8JsonWriter json, string category, IEnumerable<(string Code, string Name)> entries)
    {
        json.WriteStartArray(category);
        foreach (var (code, name) in entries)
        {
            Entry(json, code, name);
        }

        json.WriteEndArray();
    }

    private static void Entry(Utf8JsonWriter json, string code, string name)
    {
        json.WriteStartObject();
        json.WriteString("code", code);
        json.WriteString("name", name);
        json.WriteEndObject();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
