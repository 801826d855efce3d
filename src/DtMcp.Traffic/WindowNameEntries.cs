using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Evidence.NameEntries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic;

/// <summary>
/// Reads the names that were looked up and called in a window, without keeping any. What does not answer is no reason to do without the
/// connections.
/// </summary>
internal sealed class WindowNameEntries(InvestigatorOptions options, DarktraceClient client, TimeProvider time)
{
    private readonly NameReader _names = new(client, new ApplianceMemory(options, time));

    /// <summary>Shows all names, those of a kind in order of time.</summary>
    /// <returns>False where they cannot be had; then the note of them says why.</returns>
    public async Task<(bool AreRead, IReadOnlyList<string> Notes)> ReadAsync(
        TimeWindow window, Action<NameKind, IReadOnlyList<NameRecord>> take, CancellationToken cancellationToken)
    {
        if (options.Evidence == EvidencePolicy.Network)
        {
            return (false, []);
        }

        List<string> notes = [];
        try
        {
            foreach (var kind in Enum.GetValues<NameKind>())
            {
                var search = new NameAsk(window, [], [], null).Of(kind);
                if (await _names.ReadAllAsync(search, page => take(kind, page), cancellationToken).ConfigureAwait(false) is { } note)
                {
                    notes.Add(note);
                }
            }

            return (true, notes);
        }
        catch (ApplianceException error)
        {
            return (false, [$"No names: {error.Happened} {error.Remedy}"]);
        }
    }
}
