using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.NameEntries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.NameLookups;

/// <summary>Reads what a question about names needs, and has it found.</summary>
internal sealed class NameAnswers(NameReader reader, NetworkTables tables)
{
    public async Task<Findings> FindAsync(NameLookup lookup, Ask ask, AnalysisSettings settings, CancellationToken cancellationToken)
    {
        var names = AskOf(lookup, ask, settings);
        NameEvidence evidence;
        try
        {
            evidence = await reader.By(ask.Evidence).ReadAsync(names, cancellationToken).ConfigureAwait(false);
        }
        catch (ApplianceException error) when (error.IsOfEndpoint)
        {
            return new Findings
            {
                Totals = [],
                Tables = [],
                Notes = [$"No names: they come from Advanced Search alone. {error.Happened} {error.Remedy}"],
                Next = [],
            };
        }

        var (devices, failure) = names.Sources.Count > 0 || evidence.Records.Count == 0
            ? (DeviceList.Empty, null)
            : await tables.DevicesAsync(ask, cancellationToken).ConfigureAwait(false);
        var found = NameLookup.Find(evidence, names, devices, settings);
        return failure is null ? found : found with { Notes = [.. found.Notes, failure] };
    }

    private static NameAsk AskOf(NameLookup lookup, Ask ask, AnalysisSettings settings)
    {
        var (sources, hosts) = ((IReadOnlyList<NetAddress>)(ask.Focus?.Addresses ?? []), (IReadOnlyList<NetAddress>)[]);
        if (ask.Conditions.Peer is { } peer)
        {
            var (first, last) = peer.Ends();
            hosts = first == last ? [first] : throw Refused("peer is a range", "Give one address, or name= for a name.");
        }
        else if (ask.Conditions.PeerName is not null)
        {
            throw Refused("peer is a name", "Give it as name=, or the host's address as peer=.");
        }

        if (sources.Count == 0 && (ask.HasFocus || ask.Filters.Did is not null))
        {
            throw Refused("no address of the device is known in this window", "Give its address as ip=.");
        }

        // A host outside asks nobody here: it is what names stand for.
        if (hosts.Count == 0 && ask.Filters is { Did: null, Ip: { } ip } && !settings.Internal.IsDevice(ip))
        {
            (sources, hosts) = ([], [ip]);
        }

        var pattern = lookup.Pattern is not { } text ? null : text.Contains('*', StringComparison.Ordinal) ? text : $"*{text}*";
        return new NameAsk(ask.Window, sources, hosts, pattern);
    }

    private static ApplianceException Refused(string happened, string remedy) =>
        new(ApplianceError.InvalidArgument, $"lookup_names: {happened}.", remedy);
}
