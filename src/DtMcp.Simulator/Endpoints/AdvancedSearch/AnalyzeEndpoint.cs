using System.Text.Json;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// <c>/advancedsearch/api/analyze/{field}/{terms|mean|score|trend}/{base64}</c>: what the entries that a search finds come to, without the
/// entries.
/// </summary>
internal sealed class AnalyzeEndpoint : IEndpoint
{
    /// <summary>Entries that <c>score</c> and <c>trend</c> look at, the newest.</summary>
    private const int MostScored = 10_000;

    public string Path => "/advancedsearch/api/analyze/";

    public Permission Needs => Permission.AdvancedSearch;

    public bool RefusesRestricted => true;

    public Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        if (request.Rest.Split('/') is not [var field, var kind, var text])
        {
            throw new InputErrorException("analyze takes a field, a kind and a search");
        }

        field = FieldName.Of(Uri.UnescapeDataString(field));
        Action<EndpointRequest, SearchRequest, SearchCache.Found, string, Utf8JsonWriter> write = kind switch
        {
            "terms" => WriteTerms,
            "mean" => WriteMean,
            "score" => WriteScore,
            "trend" => WriteTrend,
            _ => throw new InputErrorException($"{kind} is no kind of analysis"),
        };
        return SearchAnswer.WriteAsync(
            request, () => SearchRequest.Parse(Uri.UnescapeDataString(text), request.Appliance.NowMs), answer,
            (search, found) =>
            {
                write(request, search, found, field, answer.Json);
                return Task.CompletedTask;
            });
    }

    private static void WriteTerms(EndpointRequest request, SearchRequest search, SearchCache.Found found, string field,
        Utf8JsonWriter json)
    {
        var selected = found.Answering(request);
        var terms = CountedTerms.Of(found.Entries, selected, field, request.Appliance.Options.TermsListed);
        SearchAnswer.WriteStart(json);
        SearchAnswer.WriteTotal(json, selected.Ones);
        json.WriteStartObject("aggregations");
        json.WriteStartObject("terms");
        json.WriteNumber("doc_count_error_upper_bound", terms.Error);
        json.WriteNumber("sum_other_doc_count", terms.Other);
        json.WriteStartArray("buckets");
        foreach (var (key, count) in terms.Buckets)
        {
            json.WriteStartObject();
            if (terms.IsNumber)
            {
                json.WritePropertyName("key");
                json.WriteRawValue(key);
            }
            else
            {
                json.WriteString("key", key);
            }

            json.WriteNumber("doc_count", count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        SearchAnswer.WriteEnd(json, request, search);
    }

    private static void WriteMean(EndpointRequest request, SearchRequest search, SearchCache.Found found, string field,
        Utf8JsonWriter json)
    {
        var selected = found.Answering(request);
        var stats = default(FieldStats);
        if (found.Entries.Numbers(field) is { } number)
        {
            foreach (var row in selected)
            {
                stats.Add(number(row));
            }
        }

        SearchAnswer.WriteStart(json);
        SearchAnswer.WriteTotal(json, selected.Ones);
        json.WriteStartObject("aggregations");
        stats.Write(json, "stats");
        json.WriteEndObject();
        SearchAnswer.WriteEnd(json, request, search);
    }

    // The commonest values among the newest entries.
    private static void WriteScore(EndpointRequest request, SearchRequest search, SearchCache.Found found, string field,
        Utf8JsonWriter json)
    {
        var newest = Newest(request, found);
        WriteHits(request, search, found, json, newest.Length, Counted(found, newest, field).Take(request.Appliance.Options.TermsListed),
            static (json, value) =>
            {
                json.WriteString("id", value.Key);
                json.WriteNumber("count", value.Count);
            });
    }

    // The newest half of the newest entries against the half before.
    private static void WriteTrend(EndpointRequest request, SearchRequest search, SearchCache.Found found, string field,
        Utf8JsonWriter json)
    {
        var newest = Newest(request, found);
        var half = newest.Length / 2;
        var before = Counted(found, newest[..half], field).ToDictionary(value => value.Key, value => value.Count, StringComparer.Ordinal);
        WriteHits(request, search, found, json, newest.Length,
            Counted(found, newest[half..], field).Take(request.Appliance.Options.TermsListed),
            (json, value) =>
            {
                var start = before.GetValueOrDefault(value.Key);
                json.WriteString("id", value.Key);
                json.WriteNumber("start", start);
                json.WriteNumber("count", value.Count);
                json.WriteNumber("trend", half == 0 ? 0 : Math.Round(100.0 * (value.Count - start) / half, 2));
            });
    }

    private static int[] Newest(EndpointRequest request, SearchCache.Found found)
    {
        var rows = found.Entries.InOrder(found.Answering(request));
        return rows[Math.Max(0, rows.Length - MostScored)..];
    }

    private static IEnumerable<(string Key, int Count)> Counted(SearchCache.Found found, int[] rows, string field)
    {
        if (found.Entries.Values(field) is not { } values)
        {
            return [];
        }

        return rows.Select(values.Of).Where(id => id >= 0).CountBy(id => id)
            .Select(pair => (Key: values.Text(pair.Key), Count: pair.Value))
            .OrderByDescending(value => value.Count).ThenBy(value => value.Key, StringComparer.Ordinal);
    }

    private static void WriteHits(EndpointRequest request, SearchRequest search, SearchCache.Found found, Utf8JsonWriter json,
        int looked, IEnumerable<(string Key, int Count)> values, Action<Utf8JsonWriter, (string Key, int Count)> write)
    {
        SearchAnswer.WriteStart(json);
        json.WriteStartObject("hits");
        json.WriteNumber("total", found.Answering(request).Ones);
        json.WriteNumber("count", looked);
        json.WriteStartArray("hits");
        foreach (var value in values)
        {
            json.WriteStartObject();
            write(json, value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        SearchAnswer.WriteEnd(json, request, search);
    }
}
