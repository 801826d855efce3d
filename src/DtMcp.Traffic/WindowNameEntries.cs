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
    private readonly ApplianceNames _names = new(client, new ApplianceMemory(options, time));

    /// <summary>Whether names are read at all: they come from Advanced Search alone.</summary>
    public bool AreWanted => options.Evidence != EvidencePolicy.Network;

    /// <summary>Shows all names, those of a kind in order of time.</summary>
    public async Task<NameReading> ReadAsync(
        TimeWindow window, Action<NameKind, IReadOnlyList<NameRecord>> take, CancellationToken cancellationToken)
    {
        if (!AreWanted)
        {
            return new NameReading(false, []);
        }

        List<string> notes = [];
        var total = 0L;
        try
        {
            foreach (var kind in Enum.GetValues<NameKind>())
            {
                var (there, isPartial) = await _names.ReadAllAsync(Of(window, kind), page => take(kind, page), cancellationToken)
                    .ConfigureAwait(false);
                total += there;
                notes.AddRange(isPartial ? [NameReader.Partial(kind)] : []);
            }

            return new NameReading(true, notes) { IsWhole = notes.Count == 0, Total = total };
        }
        catch (ApplianceException error)
        {
            return new NameReading(false, [$"No names: {error.Happened} {error.Remedy}"]);
        }
    }

    /// <summary>How many there are, by the appliance's count; null where they cannot be had, or are not counted.</summary>
    public async Task<long?> CountAsync(TimeWindow window, CancellationToken cancellationToken)
    {
        if (!AreWanted)
        {
            return null;
        }

        var total = 0L;
        try
        {
            foreach (var kind in Enum.GetValues<NameKind>())
            {
                if (await _names.TotalAsync(Of(window, kind), cancellationToken).ConfigureAwait(false) is not { } there)
                {
                    return null;
                }

                total += there;
            }
        }
        catch (ApplianceException)
        {
            return null;
        }

        return total;
    }

    private static NameSearch Of(TimeWindow window, NameKind kind) => new NameAsk(window, [], [], null).Of(kind);
}

/// <summary>What came of reading the names of a window.</summary>
/// <param name="AreRead">False where they cannot be had; then the note of them says why.</param>
/// <param name="Notes">What is to be said of them.</param>
internal sealed record NameReading(bool AreRead, IReadOnlyList<string> Notes)
{
    /// <summary>Whether all of the appliance answered.</summary>
    public bool IsWhole { get; init; }

    /// <summary>How many there are, by the appliance's count.</summary>
    public long Total { get; init; }
}
