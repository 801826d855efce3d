using System.Text.Json;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Support;

/// <summary>An investigator whose appliance answers with bodies that a test wrote, the last one for ever.</summary>
internal sealed class RowInvestigator : IDisposable
{
    public const long Hour = 3_600_000;

    private readonly StubWire _wire;
    private readonly DarktraceClient _client;
    private readonly Investigator _investigator;

    public RowInvestigator(EvidencePolicy evidence, params string[] bodies)
    {
        var clock = new FakeTimeProvider(Clients.Now);
        _wire = new StubWire([.. bodies.Select(body => StubWire.Json(body))]);
        _client = Clients.Over(_wire, clock);
        _investigator = new Investigator(new InvestigatorOptions { Appliance = "test", Evidence = evidence }, _client, clock);
    }

    public static long End { get; } = Clients.Now.ToUnixTimeMilliseconds();

    /// <summary>Rows as <c>/network</c> gives them to the SDK.</summary>
    public static string Traffic(IEnumerable<string> rows) => $"{{\"traffic\":[{string.Join(',', rows)}]}}";

    /// <summary>Records as Advanced Search gives them.</summary>
    public static string Records(IEnumerable<string> fields)
    {
        var hits = fields.Select(row => $"{{\"_source\":{{\"@fields\":{row},\"@timestamp\":\"2026-01-15T08:30:00Z\"}}}}").ToList();
        return $"{{\"timed_out\":false,\"hits\":{{\"total\":{hits.Count},\"hits\":[{string.Join(',', hits)}]}}}}";
    }

    /// <summary>The whole answer over the last hours.</summary>
    public async Task<JsonElement> AskAsync(string tool, int hours = 1, Func<Question, Question>? more = null)
    {
        var question = new Question
        {
            Investigation = Investigating.Of(tool),
            Window = new TimeWindow(End - (hours * Hour), End),
            Format = AnswerFormat.Json,
            NoBudget = true,
            Limit = 1000,
        };
        var answer = await _investigator.AskAsync(more?.Invoke(question) ?? question, null, TestContext.Current.CancellationToken);
        return JsonElement.Parse(answer.Json!);
    }

    public void Dispose()
    {
        _client.Dispose();
        _wire.Dispose();
    }
}

/// <summary>What an answer in JSON says.</summary>
internal static class JsonAnswers
{
    public static List<JsonElement> Rows(this JsonElement answer, string table) =>
        answer.GetProperty("tables").TryGetProperty(table, out var found) ? [.. found.GetProperty("rows").EnumerateArray()] : [];

    public static List<string> Notes(this JsonElement answer) =>
        answer.TryGetProperty("notes", out var notes) ? [.. notes.EnumerateArray().Select(note => note.GetString()!)] : [];

    public static JsonElement Total(this JsonElement answer, string name) => answer.GetProperty("totals").GetProperty(name);

    /// <summary>Columns of a row as one line; an absent one is a dash.</summary>
    public static string Line(this JsonElement row, params string[] columns) =>
        string.Join(' ', columns.Select(column => row.TryGetProperty(column, out var value) ? value.ToString() : "-"));
}
