using System.Globalization;
using System.Text.Json;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// <c>/advancedsearch/api/graph/{count|mean}/{milliseconds}/{base64}[/n]</c>: entries over the time of their insertion. An answer has one
/// day, up to 00:00; <c>kibana.next</c> names the day before where the window has more, which is asked by its number at the end.
/// </summary>
internal sealed class GraphEndpoint : IEndpoint
{
    private const long DayMs = 86_400_000;
    private const int MostDays = 4_000;

    public string Path => "/advancedsearch/api/graph/";

    public Permission Needs => Permission.AdvancedSearch;

    public bool RefusesRestricted => true;

    public Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        var parts = request.Rest.Split('/');
        if (parts is not [var kind and ("count" or "mean"), var step, var text, ..] || parts.Length > 4)
        {
            throw new InputErrorException("graph takes count or mean, milliseconds and a search");
        }

        var (interval, day) = (Number(step, 1, DayMs), parts.Length == 4 ? (int)Number(parts[3], 0, MostDays) : 0);
        return SearchAnswer.WriteAsync(
            request, () => SearchRequest.Parse(Uri.UnescapeDataString(text), request.Appliance.NowMs), answer,
            (search, found) =>
            {
                Write(request, search, found, kind, interval, day, answer.Json);
                return Task.CompletedTask;
            });
    }

    private static void Write(EndpointRequest request, SearchRequest search, SearchCache.Found found, string kind, long interval, int day,
        Utf8JsonWriter json)
    {
        var start = search.ToMs - (search.ToMs % DayMs) - (day * DayMs);
        var (from, to) = (Math.Max(start, search.FromMs), Math.Min(start + DayMs - 1, search.ToMs));
        var entries = found.Entries;
        var isMean = kind == "mean";
        var number = isMean
            ? entries.Numbers(FieldName.Of(search.AnalyzeField ?? throw new InputErrorException("a mean needs analyze_field")))
            : null;
        SortedDictionary<long, (int Count, FieldStats Stats)> buckets = [];
        var (first, end) = entries.Inserted(from, to);
        foreach (var row in found.Answering(request).And(entries.Inserted(first, Math.Max(first, end))))
        {
            var at = entries.InsertedMs(row);
            var key = at - (at % interval);
            var (count, stats) = buckets.GetValueOrDefault(key);
            stats.Add(number?.Invoke(row) ?? double.NaN);
            buckets[key] = (count + 1, stats);
        }

        SearchAnswer.WriteStart(json);
        SearchAnswer.WriteTotal(json, buckets.Values.Sum(bucket => bucket.Count));
        json.WriteStartObject("aggregations");
        json.WriteStartObject(kind);
        json.WriteStartArray("buckets");
        foreach (var (key, (count, stats)) in buckets)
        {
            json.WriteStartObject();
            json.WriteString("key_as_string", WireTime.Iso(key));
            json.WriteNumber("key", key);
            json.WriteNumber("doc_count", count);
            if (isMean)
            {
                stats.Write(json, "mean_stats");
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        SearchAnswer.WriteEnd(json, request, search, search.FromMs < start ? day + 1 : null);
    }

    private static long Number(string text, long least, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new InputErrorException($"'{text}' is not a number from {least} to {most}");
}
