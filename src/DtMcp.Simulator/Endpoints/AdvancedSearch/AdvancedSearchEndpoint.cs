using System.Text.Json;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// <c>/advancedsearch/api/search</c>: GET with the search as the last segment of the path, or POST with <c>{"hash": "..."}</c>. Entries by
/// their insertion, newest first, the only place with bytes a connection. What is not known is left out.
/// </summary>
internal sealed class AdvancedSearchEndpoint(bool posted) : IEndpoint
{
    private const string Prefix = "/advancedsearch/api/search";

    public string Path => posted ? Prefix : Prefix + "/";

    public Permission Needs => Permission.AdvancedSearch;

    public bool RefusesRestricted => true;

    public bool TakesPost => posted;

    public Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken) =>
        SearchAnswer.WriteAsync(
            request,
            () => SearchRequest.Parse(posted ? Hash(request) : Uri.UnescapeDataString(request.Rest), request.Appliance.NowMs),
            answer,
            (search, found) => WriteAsync(request, search, found, answer, cancellationToken));

    private static async Task WriteAsync(EndpointRequest request, SearchRequest search, SearchCache.Found found, AnswerWriter answer,
        CancellationToken cancellationToken)
    {
        // An index gives no more of one search by offset; what lies deeper has to be searched for otherwise.
        var (limit, deepest) = (request.Appliance.Options.IndexLimit, search.Offset + (long)search.Size);
        if (limit > 0 && deepest > limit)
        {
            throw new SearchRefusedException(FormattableString.Invariant(
                $"Result window is too large, from + size must be less than or equal to: [{limit}] but was [{deepest}]."));
        }

        var rows = request.IsProbeSilent ? found.Entries.InOrder(found.Answering(request)) : found.InOrder;
        var json = answer.Json;
        SearchAnswer.WriteStart(json);
        json.WriteStartObject("hits");
        json.WriteNumber("total", rows.Length);
        json.WriteNull("max_score");
        json.WriteStartArray("hits");
        var write = found.Entries.Writer();
        for (var place = rows.Length - 1 - search.Offset; place >= 0 && answer.Rows < search.Size; place--)
        {
            write(json, rows[place]);
            answer.Rows++;
            await answer.DrainAsync(cancellationToken).ConfigureAwait(false);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        SearchAnswer.WriteEnd(json, request, search);
    }

    private static string Hash(EndpointRequest request)
    {
        try
        {
            using var document = JsonDocument.Parse(request.Body);
            return document.RootElement.GetProperty("hash").GetString() ?? throw new InputErrorException("hash is null");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InputErrorException("the body is {\"hash\": \"...\"}");
        }
    }
}
