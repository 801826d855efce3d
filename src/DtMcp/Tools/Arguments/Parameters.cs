using DtMcp.Darktrace.Requests;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Tools.Arguments;

/// <summary>Every parameter that a tool can have, once. Filters keep the API's own names and types.</summary>
internal static class Parameters
{
    public static Parameter Did { get; } = new("did", ParameterKind.Integer, "Device id.");

    public static Parameter Ip { get; } = new("ip", ParameterKind.Address, "IP address.");

    public static Parameter Hostname { get; } = new("hostname", ParameterKind.Text, "Device by name, label, MAC or IP.");

    public static Parameter ViewSubnet { get; } = new("viewsubnet", ParameterKind.Text, "Subnet by sid, label or CIDR.")
    {
        IsQuiet = true,
    };

    public static Parameter Subnet { get; } = new("subnet", ParameterKind.Subnet, "Subnet by CIDR, label or sid.");

    public static Parameter IntExt { get; } = Choice("intext", "Only this side.", [.. TrafficSides.Words]);

    public static Parameter Protocol { get; } = new("protocol", ParameterKind.Text, "E.g. TCP.");

    public static Parameter ApplicationProtocol { get; } = new("applicationprotocol", ParameterKind.Text, "E.g. DNS.");

    public static Parameter Port { get; } = new("port", ParameterKind.Port, "Either port.");

    public static Parameter SourcePort { get; } = new("sourceport", ParameterKind.Port, "Source port.");

    public static Parameter DestinationPort { get; } = new("destinationport", ParameterKind.Port, "Destination port.");

    public static Parameter Metric { get; } = new("metric", ParameterKind.Text, "Metric name. list_filter_values has them.");

    public static Parameter FullDeviceDetails { get; } = new("fulldevicedetails", ParameterKind.Flag, "Ask for full device objects.");

    public static Parameter ResponseData { get; } = new("responsedata", ParameterKind.Text,
        "Only this top-level field of the API's answer.");

    public static Parameter Last { get; } = new("last", ParameterKind.Span,
        "15m, 24h (default), 7d, today, yesterday, night, week, monday.");

    public static Parameter From { get; } = new("from", ParameterKind.TextTime, "Start, YYYY-MM-DD HH:MM:SS.");

    public static Parameter To { get; } = new("to", ParameterKind.TextTime, "End; default now.");

    public static Parameter StartTime { get; } = new("starttime", ParameterKind.EpochTime, "Start, epoch ms.")
    {
        IsQuiet = true,
    };

    public static Parameter EndTime { get; } = new("endtime", ParameterKind.EpochTime, "End, epoch ms.")
    {
        IsQuiet = true,
    };

    public static Parameter Tz { get; } = new("tz", ParameterKind.Text, "E.g. Europe/Berlin; else UTC.");

    public static Parameter Limit { get; } = new("limit", ParameterKind.Integer, "Most rows per table.")
    {
        Minimum = 1,
        Maximum = 1_000_000,
    };

    public static Parameter Cursor { get; } = new("cursor", ParameterKind.Text, "Next page, from the last answer.");

    public static Parameter Sort { get; } = new("sort", ParameterKind.Sort, "Column, largest first; -column reverses.")
    {
        Values = RowSort.Words,
    };

    public static Parameter Detail { get; } = Choice("detail", "Answer size.", "brief", "normal", "full");

    public static Parameter Format { get; } = Choice("format", "Answer form.", "markdown", "csv", "json");

    public static Parameter Evidence { get; } =
        Choice("evidence", "What to answer from.", [.. EvidenceWishes.Words]) with { IsQuiet = true };

    public static Parameter Refresh { get; } = new("refresh", ParameterKind.Flag, "Bypass the cache.")
    {
        IsQuiet = true,
    };

    public static Parameter Peer { get; } = new("peer", ParameterKind.Text, "Other end: IP, CIDR or name.");

    public static Parameter Direction { get; } = Choice("direction", "Only this way.", [.. TrafficDirections.Words]);

    public static Parameter State { get; } = Choice("state", "Only these.", [.. ConnectionStates.Words]);

    public static Parameter Country { get; } = new("country", ParameterKind.Text, "Country of the end outside.");

    public static Parameter Asn { get; } = new("asn", ParameterKind.Text, "AS number or name of the end outside.");

    public static Parameter MinBytes { get; } = new("min_bytes", ParameterKind.Integer, "Connections of at least so many bytes.")
    {
        Minimum = 1,
    };

    public static Parameter Interval { get; } = new("interval", ParameterKind.Duration, "Course in steps of 5m, 1h, 1d.");

    public static Parameter By { get; } = new("by", ParameterKind.Words,
        $"One or two of {string.Join(", ", AggregateWords.By)}, comma between.")
    {
        Values = AggregateWords.By,
    };

    public static Parameter Measure { get; } = Choice("measure", "What is ranked; default bytes.", [.. AggregateWords.Measure]);

    public static Parameter Top { get; } = new("top", ParameterKind.Integer, "Most rows; as limit.")
    {
        Minimum = 1,
        Maximum = 1_000_000,
    };

    public static Parameter Order { get; } = Choice("sort", "Largest (default) or smallest first.", "descending", "ascending");

    public static Parameter NamePart { get; } = new("name", ParameterKind.Text, "Part of a name; * stands for anything.");

    public static Parameter Timeline { get; } = new("timeline", ParameterKind.Flag, "Its events in order of time.");

    public static Parameter Query { get; } = new("query", ParameterKind.Text, "Text to look for.");

    public static Parameter ListKind { get; } = Choice("kind", "Which filter's values.", [.. FilterKinds.Words]);

    public static Parameter HuntFor { get; } = Choice("kind", "What to hunt for.", [.. HuntKinds.Words]);

    public static Parameter Against { get; } = Choice("against", "Compare with the window before, or a day or week earlier.", "before",
        "day", "week");

    public static Parameter AgainstFrom { get; } = new("against_from", ParameterKind.TextTime,
        "Start of another window; with against_to.");

    public static Parameter AgainstTo { get; } = new("against_to", ParameterKind.TextTime, "End of it.");

    private const string All = "all";

    /// <summary>Only there when several appliances are configured.</summary>
    public static Parameter Appliance(IReadOnlyList<string> names) =>
        names is [var only]
            ? new("appliance", ParameterKind.Names, $"Which appliance: {only}.") { Values = names }
            : new("appliance", ParameterKind.Names, $"Of {string.Join(", ", names)}: one, several with commas, or all; default {names[0]}.")
            {
                Values = [.. names, All],
            };

    /// <summary>Whether every appliance is meant.</summary>
    public static bool IsAll(IReadOnlyList<string> names) => names.Contains(All);

    public static IReadOnlyList<Parameter> Window { get; } = [Last, From, To, Tz, StartTime, EndTime];

    public static IReadOnlyList<Parameter> Device { get; } = [Did, Ip, Hostname, Peer];

    public static IReadOnlyList<Parameter> AnySubnet { get; } = [Subnet, ViewSubnet];

    /// <summary>Filters that select rows.</summary>
    public static IReadOnlyList<Parameter> Conditions { get; } = [Direction, State, Country, Asn, MinBytes];

    public static IReadOnlyList<Parameter> Output { get; } = [Limit, Detail, Format, Refresh];

    private static Parameter Choice(string name, string description, params string[] values) =>
        new(name, ParameterKind.Choice, description) { Values = values };
}
