using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Evidence.NameEntries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic;

/// <summary>
/// Reads the names that were looked up and called in a window. What does not answer is no reason to do without the connections.
/// </summary>
internal sealed class WindowNameEntries(InvestigatorOptions options, DarktraceClient client, TimeProvider time)
{
    private readonly NameReader _names = new(client, new ApplianceMemory(options, time));

    /// <summary>The names, and null where they cannot be had; then the note of them says why.</summary>
    public async Task<(NameEvidence? Names, IReadOnlyList<string> Notes)> ReadAsync(TimeWindow window, CancellationToken cancellationToken)
    {
        if (options.Evidence == EvidencePolicy.Network)
        {
            return (null, []);
        }

        try
        {
            var names = await _names.ReadAsync(new NameAsk(window, [], [], null), cancellationToken).ConfigureAwait(false);
            return (names, names.Notes);
        }
        catch (ApplianceException error)
        {
            return (null, [$"No names: {error.Happened} {error.Remedy}"]);
        }
    }
}
