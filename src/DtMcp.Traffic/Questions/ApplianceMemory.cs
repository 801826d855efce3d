using System.Collections.Concurrent;
using DtMcp.Darktrace.Errors;

namespace DtMcp.Traffic.Questions;

/// <summary>Which shape <c>/network</c> answers in; learned from the bytes of the first answer, never from a setting.</summary>
internal enum NetworkDialect
{
    Unknown,

    /// <summary>One row a connection, the row shape.</summary>
    Rows,

    /// <summary>The guide's tables.</summary>
    Tables,
}

/// <summary>What was learned of an appliance: its dialect, and which permissions it refused lately.</summary>
internal sealed class ApplianceMemory(InvestigatorOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Refusal> _refusals = new(StringComparer.Ordinal);

    public NetworkDialect NetworkDialect { get; set; }

    /// <summary>Whether it was seen that the appliance understands the words that counts are asked in.</summary>
    public bool CountsAreUnderstood { get; set; }

    /// <summary>Whether an endpoint may be tried: it was not refused within the last ten minutes.</summary>
    public bool MayTry(string endpoint) =>
        !_refusals.TryGetValue(endpoint, out var refusal) || time.GetUtcNow() - refusal.At > options.RememberRefusal;

    /// <summary>Remembers a refusal; the sentence is for notes.</summary>
    public void Refused(string endpoint, string why) => _refusals[endpoint] = new Refusal(time.GetUtcNow(), why);

    /// <summary>Remembers a failure that every other question to the endpoint would meet too: what was wrong with one question says
    /// nothing of the next.</summary>
    public void Remember(string endpoint, ApplianceException error, string why)
    {
        if (error.IsOfEndpoint)
        {
            Refused(endpoint, why);
        }
    }

    public string? WhyRefused(string endpoint) => _refusals.GetValueOrDefault(endpoint)?.Why;

    private sealed record Refusal(DateTimeOffset At, string Why);
}
