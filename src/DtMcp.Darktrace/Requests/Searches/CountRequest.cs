using System.Buffers.Text;
using System.Globalization;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Requests.Searches;

/// <summary>
/// What the appliance counts by itself (docs/APPLIANCE-API.md, Counts made by the appliance):
/// <c>GET /advancedsearch/api/analyze/@fields.dest_ip/terms/{base64}</c>, <c>.../mean/{base64}</c>,
/// <c>GET /advancedsearch/api/graph/count/3600000/{base64}</c> and <c>/1</c>, <c>/2</c> behind it for the days before. The path is signed
/// exactly as sent.
/// </summary>
internal static class CountRequest
{
    internal const string AnalyzeEndpoint = "/advancedsearch/api/analyze";
    internal const string GraphEndpoint = "/advancedsearch/api/graph";

    /// <summary>Days that one graph is asked for: the longest window that anyone asks, and a rest.</summary>
    private const int MaxDay = 400;

    /// <summary>
    /// Most characters of base64: there is no other way to ask than the path, so more is tried than of a search; a web server that takes
    /// less refuses it.
    /// </summary>
    private const int MaxPathLength = 5_500;

    /// <summary>Whether a search fits the path.</summary>
    internal static bool Fits(string search) => Encode(search, new TimeWindow(0, 0), null).Length <= MaxPathLength;

    internal static ApplianceRequest Values(string search, TimeWindow window, ConnField field) => Values(search, window, field.Name());

    internal static ApplianceRequest Values(string search, TimeWindow window, string field) =>
        Build(AnalyzeEndpoint, $"/{field}/terms", search, window, null, "");

    internal static ApplianceRequest Sums(string search, TimeWindow window, ConnField field)
    {
        CheckNumber(field);
        return Build(AnalyzeEndpoint, $"/{field.Name()}/mean", search, window, null, "");
    }

    /// <summary>One day of a graph: 0 is the last of the window.</summary>
    internal static ApplianceRequest Course(string search, TimeWindow window, TimeSpan interval, ConnField? mean, int day)
    {
        if (interval < TimeSpan.FromSeconds(1) || interval > TimeSpan.FromDays(1))
        {
            Argument.Refuse("interval", "is shorter than a second or longer than a day", "Graphs come by the day.");
        }

        if (day is < 0 or > MaxDay)
        {
            Argument.Refuse("day", string.Create(CultureInfo.InvariantCulture, $"is {day}"),
                "It is 0 for the last day, 1 for the one before.");
        }

        if (mean is { } field)
        {
            CheckNumber(field);
        }

        var kind = string.Create(CultureInfo.InvariantCulture, $"/{(mean is null ? "count" : "mean")}/{interval.TotalMilliseconds:0}");
        var after = day == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"/{day}");
        return Build(GraphEndpoint, kind, search, window, mean?.Name(), after);
    }

    private static ApplianceRequest Build(string endpoint, string kind, string search, TimeWindow window, string? analyzeField,
        string after)
    {
        var text = Encode(search, window, analyzeField);
        if (text.Length > MaxPathLength)
        {
            Argument.Refuse("search", string.Create(CultureInfo.InvariantCulture, $"has {text.Length} characters in the path"),
                "Counts are asked with fewer conditions.");
        }

        return new ApplianceRequest(endpoint, [])
        {
            Path = $"{endpoint}{kind}/{text}{after}",
            Described = [new("search", search), new("count", kind[1..]),
                new("from", AdvancedSearchRequest.Iso(window.StartMs)), new("to", AdvancedSearchRequest.Iso(window.EndMs))],
        };
    }

    // URL-safe base64 without padding needs no encoding.
    private static string Encode(string search, TimeWindow window, string? analyzeField) => Base64Url.EncodeToString(
        AdvancedSearchRequest.Write(
            search, AdvancedSearchRequest.Iso(window.StartMs), AdvancedSearchRequest.Iso(window.EndMs), 0, 0, analyzeField));

    private static void CheckNumber(ConnField field)
    {
        if (!field.IsNumber())
        {
            Argument.Refuse("field", $"is {field.Name()}, which is no number", "Bytes, packets and the start can be summed.");
        }
    }
}
