using System.Globalization;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Leads;

/// <summary>Where groups lead: into the first of them, and to the other groupings that tell more of the same.</summary>
internal static class AggregateLeads
{
    // A group's name that goes into a call is no longer than a DNS name's label may be.
    private const int LongestName = 63;

    // Each asks more of the same devices than the one before it: what they sent, to how many, and what of it failed.
    private static readonly string[] OfDevices = ["bytes", "bytes_out", "peers", "failed"];

    /// <param name="found">The groups.</param>
    /// <param name="settings">The question.</param>
    /// <param name="by">The first thing grouped by.</param>
    /// <param name="isAlone">Whether it is the only one.</param>
    /// <param name="measure">What the groups are in order of.</param>
    public static IEnumerable<string> Of(Findings found, AnalysisSettings settings, string by, bool isAlone, string measure)
    {
        if (!found.Tables.Any(table => table is { Name: "groups", Rows.Count: > 0 }))
        {
            return [];
        }

        return by switch
        {
            "device" => [.. Device(found, settings), .. isAlone ? More(settings, measure) : []],
            "source" or "destination" or "peer" => End(found, settings, by),
            "hour" or "interval" when isAlone =>
            [
                .. NextCalls.Peak(settings, found, "groups", measure is "bytes_in" or "bytes_out" ? measure : "bytes"),
                .. Asked(settings) ? [] : (string[])[NextCalls.Of(settings, "aggregate_traffic", "by=device", "measure=bytes_out")],
            ],
            "hour" or "interval" => [NextCalls.Course(settings)],
            "country" or "asn" => [.. Outside(found, settings, by)],
            "name" => Key(found, "name") is { } name ? [NextCalls.Of(settings, "describe_endpoint", $"peer={name}")] : [],
            "state" =>
            [
                NextCalls.Of(settings, "aggregate_traffic", "by=device", "measure=failed"),
                NextCalls.Of(settings, "get_network_traffic", "state=failed"),
            ],
            "direction" =>
            [
                NextCalls.Of(settings, "aggregate_traffic", "by=destination", "measure=connections", "direction=inbound"),
                NextCalls.Of(settings, "summarize_network_traffic", "intext=internal"),
            ],
            "port" when Number(found, by) is { } port =>
            [
                NextCalls.Of(settings, "aggregate_traffic", "by=device", "measure=bytes", $"destinationport={port}"),
                NextCalls.Of(settings, "get_network_traffic", $"destinationport={port}", "sort=bytes"),
            ],
            "protocol" or "applicationprotocol" when Key(found, by) is { } word =>
                [NextCalls.Of(settings, "aggregate_traffic", "by=device", "measure=bytes", $"{by}={word}")],
            "subnet" when Key(found, by) is { } subnet && AddressRange.TryParse(subnet, out _) =>
                [NextCalls.Of(settings, "analyze_subnet", $"subnet={subnet}")],
            _ => [],
        };
    }

    private static IEnumerable<string> Device(Findings found, AnalysisSettings settings) => Number(found, "did") is { } did
        ? [NextCalls.Of(settings, "analyze_device_activity", $"did={did}")]
        : Key(found, "device") is { } ip && NetAddress.TryParse(ip, out _)
            ? [NextCalls.Of(settings, "analyze_device_activity", $"ip={ip}")]
            : [];

    private static IEnumerable<string> More(AnalysisSettings settings, string measure)
    {
        // From one to the next, so that a chain of calls never comes back to where it began.
        foreach (var next in OfDevices.SkipWhile(one => one != measure).Skip(1).Take(2))
        {
            yield return NextCalls.Of(settings, "aggregate_traffic", "by=device", $"measure={next}");
        }

        if (measure != "failed" && !Asked(settings))
        {
            yield return NextCalls.Of(settings, "aggregate_traffic", "by=state", "measure=connections");
            yield return NextCalls.Of(settings, "aggregate_traffic", "by=direction", "measure=connections");
        }
    }

    private static IEnumerable<string> End(Findings found, AnalysisSettings settings, string by)
    {
        if (Key(found, by) is not { } end || !NetAddress.TryParse(end, out var address))
        {
            return [];
        }

        var isOutside = !settings.Internal.Contains(address);
        return
        [
            NextCalls.Of(settings, "get_network_traffic", $"peer={end}", "sort=bytes"),
            isOutside
                ? NextCalls.Of(settings, "describe_endpoint", $"ip={end}")
                : NextCalls.Of(settings, "analyze_device_activity", $"ip={end}"),
        ];
    }

    private static IEnumerable<string> Outside(Findings found, AnalysisSettings settings, string by)
    {
        // A system goes by its number.
        if (Key(found, by) is not { } key || key == "unknown")
        {
            return [];
        }

        var filter = by == "asn" ? $"asn={key.Split(' ')[0]}" : key.Contains(' ') ? $"{by}=\"{key}\"" : $"{by}={key}";
        return
        [
            NextCalls.Of(settings, "aggregate_traffic", "by=destination", "measure=bytes", filter),
            NextCalls.Of(settings, "aggregate_traffic", "by=device", "measure=bytes_out", filter),
        ];
    }

    private static bool Asked(AnalysisSettings settings) => settings.FocusDid is not null || settings.FocusAddress.IsPresent;

    private static string? Number(Findings found, string column) =>
        NextCalls.First(found, "groups", column) is { Kind: CellKind.Integer } number
            ? number.Integer.ToString(CultureInfo.InvariantCulture)
            : null;

    // What came from the network goes into a call only where no quoting can be wrong.
    private static string? Key(Findings found, string column) =>
        NextCalls.First(found, "groups", column) is { Kind: CellKind.Text } cell && cell.Text is { Length: > 0 and <= LongestName } text
            && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '.' or '-' or '_' or ':' or '/' or ',')
            ? text
            : null;
}
