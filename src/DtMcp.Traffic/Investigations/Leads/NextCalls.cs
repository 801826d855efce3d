using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Leads;

/// <summary>
/// Calls worth making next, ready to copy: with the question's filters, and its window to the millisecond and without spaces to quote.
/// </summary>
internal static class NextCalls
{
    /// <summary>A connection that is large: what <c>compare_traffic</c> finds worth telling too.</summary>
    public const long LargeBytes = 10_000_000;

    // An hour that holds so many times what a usual one does is looked at by itself.
    private const int PeakTimes = 3;

    // Beyond two days a course is told by days.
    private const long LongestByHour = 49;
    private const long HourMs = 3_600_000;
    private const long DayMs = 24 * HourMs;

    private static readonly string[] Ends = ["did", "ip", "hostname"];

    public static string Of(AnalysisSettings settings, string tool, params string[] arguments) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{tool} {string.Concat(arguments.Concat(Carried(settings, tool, arguments)).Select(argument => argument + " "))}" +
            $"from={TimeText.Instant(settings.Window.StartMs)} to={TimeText.Instant(settings.Window.EndMs)}" +
            $"{(settings.Zone.Equals(TimeZoneInfo.Utc) ? "" : " tz=" + settings.Zone.Id)}");

    /// <summary>Those that lead on: one that asks the same again, in the same window or another form, does not.</summary>
    public static IReadOnlyList<string> Onwards(IReadOnlyList<string> calls, Question question)
    {
        var asked = AskedFilters.Of(question, question.Filters)
            .Select(field => string.Create(
                CultureInfo.InvariantCulture,
                $"{field.Name}={(field.Value.Kind == CellKind.Integer ? field.Value.Integer : field.Value.Text)}"))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. calls.Where(call => !IsBack(call.Split(' ')))];

        bool IsBack(string[] words) => words[0] == question.Investigation.Name && words[1..].All(word =>
            asked.Contains(word) || word.StartsWith("from=", StringComparison.Ordinal) || word.StartsWith("to=", StringComparison.Ordinal)
            || word.StartsWith("tz=", StringComparison.Ordinal) || word.StartsWith("sort=", StringComparison.Ordinal));
    }

    /// <summary>One device, by its id where it has one.</summary>
    public static string Device(AnalysisSettings settings, HostTable hosts, int id) =>
        Of(settings, "analyze_device_activity", Focus(hosts, id));

    public static string Focus(HostTable hosts, int id) => hosts.Did(id) != HostTable.NoDid
        ? string.Create(CultureInfo.InvariantCulture, $"did={hosts.Did(id)}")
        : $"ip={hosts.Address(id)}";

    /// <summary>
    /// The rows between two ends: one as the device, the other as its peer; the end alone that can be asked about where the other has no
    /// address. Null where neither can.
    /// </summary>
    /// <param name="settings">The question.</param>
    /// <param name="hosts">Who is who.</param>
    /// <param name="source">Who began.</param>
    /// <param name="destination">The far end.</param>
    /// <param name="more">What else the rows have in common.</param>
    public static string? Between(AnalysisSettings settings, HostTable hosts, int source, int destination, params string[] more)
    {
        var (first, other) = hosts.Did(source) == HostTable.NoDid && hosts.Did(destination) != HostTable.NoDid
            ? (destination, source) : (source, destination);
        string[] peer = hosts.Address(other).IsPresent ? [$"peer={hosts.Address(other)}"] : [];
        return CanFocus(hosts, first) ? Of(settings, "get_network_traffic", [Focus(hosts, first), .. peer, .. more])
            : CanFocus(hosts, other) ? Of(settings, "get_network_traffic", [Focus(hosts, other), .. more])
            : null;
    }

    /// <summary>Whether an endpoint can be asked about.</summary>
    public static bool CanFocus(HostTable hosts, int id) => hosts.Did(id) != HostTable.NoDid || hosts.Address(id).IsPresent;

    /// <summary>The device in the first row of a table, by its id where it has one; nothing where it cannot be asked about.</summary>
    public static IEnumerable<string> Device(AnalysisSettings settings, Findings found, string table) =>
        First(found, table, "did") is { Kind: CellKind.Integer } did
            ? [Of(settings, "analyze_device_activity", string.Create(CultureInfo.InvariantCulture, $"did={did.Integer}"))]
            : Address(found, table) is { } address ? [Of(settings, "analyze_device_activity", $"ip={address}")] : [];

    /// <summary>The address in the first row of a table; null where it is none.</summary>
    public static string? Address(Findings found, string table) =>
        First(found, table, "ip") is { Kind: CellKind.Text } ip && NetAddress.TryParse(ip.Text, out var address)
            ? address.ToString()
            : null;

    /// <summary>A cell of the first row of a table; absent where there is none.</summary>
    public static Cell First(Findings found, string table, string column) =>
        found.Tables.FirstOrDefault(one => one.Name == table) is { Rows: [var row, ..] } first
            && first.Columns.ToList().IndexOf(column) is >= 0 and var at
            ? row[at]
            : Cell.Absent;

    /// <summary>The course over the window, by hours or, of more than two days, by days.</summary>
    public static string Course(AnalysisSettings settings, params string[] more)
    {
        var hours = Steps(HourMs);
        return hours <= LongestByHour
            ? Of(settings, "aggregate_traffic", [Number("by=hour limit=", hours), .. more])
            : Of(settings, "aggregate_traffic", [Number("by=interval interval=1d limit=", Steps(DayMs)), .. more]);

        long Steps(long length) => (settings.Window.EndMs / length) - (settings.Window.StartMs / length) + 1;
    }

    /// <summary>
    /// The largest connections of the step of time that holds most bytes, where it stands out: three times the median of the steps.
    /// </summary>
    public static IEnumerable<string> Peak(AnalysisSettings settings, Findings found, string table, params string[] bytes)
    {
        if (found.Tables.FirstOrDefault(one => one.Name == table) is not { Rows.Count: > 2 } steps)
        {
            return [];
        }

        var names = steps.Columns.ToList();
        List<int> columns = [.. bytes.Select(name => names.IndexOf(name)).Where(at => at >= 0)];
        var sums = steps.Rows.Select(row => columns.Sum(column => (double)row[column].Integer)).ToList();
        var most = sums.IndexOf(sums.Max());
        var start = steps.Rows[most][0];
        if (start.Kind != CellKind.Moment || sums[most] <= PeakTimes * sums.Order().ElementAt(sums.Count / 2))
        {
            return [];
        }

        var (from, to) = (Math.Max(start.Integer, settings.Window.StartMs),
            Math.Min(start.Integer + (long)(settings.Interval?.TotalMilliseconds ?? HourMs) - 1, settings.Window.EndMs));
        return from < to
            ? [Of(settings with { Window = new TimeWindow(from, to) }, "get_network_traffic", "sort=bytes")]
            : [];
    }

    /// <summary>The hosts outside that a device began to talk to, in the order in which it did.</summary>
    public static string FirstContacts(AnalysisSettings settings, string device) =>
        Of(settings, "aggregate_traffic", "by=peer", "measure=first", "sort=ascending", "direction=outbound", device);

    /// <summary>The largest connections.</summary>
    public static string Large(AnalysisSettings settings) =>
        Of(settings, "get_network_traffic", Number("min_bytes=", LargeBytes), "sort=bytes");

    /// <summary>What of these calls no figures of the appliance's own count answer: rows would be read for them.</summary>
    public static bool NeedsRows(string call) => call.StartsWith("get_network_traffic ", StringComparison.Ordinal)
        || (call.StartsWith("aggregate_traffic ", StringComparison.Ordinal) && call.Split(' ').Any(word =>
            word is "measure=peers" or "measure=first" or "measure=failed" || word.StartsWith("state=", StringComparison.Ordinal)
            || word.StartsWith("direction=", StringComparison.Ordinal)));

    /// <summary>The device or address that the question was about.</summary>
    public static string Focus(AnalysisSettings settings) => settings.FocusDid is { } did
        ? string.Create(CultureInfo.InvariantCulture, $"did={did}")
        : $"ip={settings.FocusAddress}";

    // The filters of the question that the next tool takes, so that its answer is about the same connections. The ends of a call that names
    // its own (a device in a row) are its own.
    private static IEnumerable<string> Carried(AnalysisSettings settings, string tool, IReadOnlyList<string> own)
    {
        // Tools about names, hosts and alerts take their own arguments only.
        if (!tool.EndsWith("_traffic", StringComparison.Ordinal) && !tool.StartsWith("analyze_", StringComparison.Ordinal))
        {
            return [];
        }

        var named = own.SelectMany(argument => argument.Split(' ')).Select(argument => argument.Split('=')[0])
            .ToHashSet(StringComparer.Ordinal);
        return FiltersOf(settings, tool, own, named).Where(pair => pair.Value is not null && !named.Contains(pair.Name))
            .Select(pair => $"{pair.Name}={Quoted(pair.Value!)}");
    }

    private static IEnumerable<(string Name, string? Value)> FiltersOf(
        AnalysisSettings settings, string tool, IReadOnlyList<string> own, HashSet<string> named)
    {
        var filters = settings.Filters;
        var (takesRows, namesEnd) = (tool is "get_network_traffic" or "aggregate_traffic", named.Overlaps(Ends));
        var did = settings.FocusDid ?? filters.Did;
        var address = settings.FocusAddress.IsPresent ? settings.FocusAddress.ToString() : filters.Ip?.ToString();
        // A call that names the very device asked about has no other end for that.
        var namesFocus = (did is { } id && own.Contains(Number("did=", id))) || (address is not null && own.Contains($"ip={address}"));
        if (!namesEnd)
        {
            yield return ("did", Text(did));
            yield return ("ip", did is null ? address : null);
        }
        else if (takesRows && !named.Contains("did") && !namesFocus)
        {
            // The far end is named: the device asked about stays the other one.
            yield return ("did", Text(did));
            yield return ("peer", did is null ? address : null);
        }

        if (!namesEnd && tool != "analyze_device_activity")
        {
            yield return ("viewsubnet", Text(filters.ViewSubnet));
            yield return ("subnet", filters.ViewSubnet is null ? settings.Subnet?.ToString() : null);
        }

        yield return ("intext", tool is "summarize_external_traffic" or "hunt_traffic" ? null : filters.IntExt?.Word());
        yield return ("protocol", filters.Protocol);
        yield return ("applicationprotocol", filters.ApplicationProtocol);
        yield return ("port", Text(filters.Port));
        yield return ("sourceport", takesRows ? Text(filters.SourcePort) : null);
        yield return ("destinationport", takesRows || tool == "summarize_external_traffic" ? Text(filters.DestinationPort) : null);
        foreach (var (name, value) in settings.Conditions.Arguments)
        {
            // An address that a call names may be the very peer.
            var isNamed = (named.Contains("ip") && !namesFocus) || named.Contains("peer");
            yield return (name, name == "peer" ? (isNamed ? null : value) : takesRows ? value : null);
        }
    }

    private static string Number(string before, long number) => string.Create(CultureInfo.InvariantCulture, $"{before}{number}");

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string Quoted(string value) => value.Any(char.IsWhiteSpace) ? $"\"{value}\"" : value;
}
