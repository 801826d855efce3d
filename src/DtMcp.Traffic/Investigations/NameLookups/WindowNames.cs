using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Evidence.NameEntries;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Conditions;
using DtMcp.Traffic.Questions.Names;

namespace DtMcp.Traffic.Investigations.NameLookups;

/// <summary>
/// Reads what entries of names say of a window before its traffic is looked at: one bounded question, kept as long as a capture of a
/// window that runs. Where it cannot be asked, the answer stands without it and says so.
/// </summary>
internal sealed class WindowNames(NameReader reader, InvestigatorOptions options, TimeProvider time)
{
    private const int MostKept = 4;

    private static readonly NameKind[] OfHosts = [NameKind.Dns, NameKind.Ssl, NameKind.Http];

    private readonly Lock _gate = new();
    private readonly LinkedList<Kept> _kept = [];

    /// <summary>The settings with the names that an investigation wants.</summary>
    public async Task<AnalysisSettings> AddAsync(Investigation investigation, Ask ask, AnalysisSettings settings,
        CancellationToken cancellationToken)
    {
        var wanted = investigation.Needs.WantsNames;
        if (wanted == NamesWanted.None || (wanted == NamesWanted.LookupsBeside && IsNarrow(ask)))
        {
            return settings;
        }

        return wanted == NamesWanted.Lookups && IsNarrow(ask)
            ? settings with
            {
                Names = new KnownNames
                {
                    Notes = ["Names were not looked at: filters on sides, protocols, ports and the like select connections, not names."],
                },
            }
            : settings with { Names = await NamesAsync(wanted, ask, cancellationToken).ConfigureAwait(false) };
    }

    // What names know nothing of: they go by device and time.
    private static bool IsNarrow(Ask ask) => ask.Conditions != RowConditions.None || (ask.SubnetId is not null && ask.Subnet is null)
        || ask.Filters is not { IntExt: null, Protocol: null, ApplicationProtocol: null }
        || ask.Filters is not { Port: null, SourcePort: null, DestinationPort: null };

    private async Task<KnownNames> NamesAsync(NamesWanted wanted, Ask ask, CancellationToken cancellationToken)
    {
        var isOfHosts = wanted == NamesWanted.OfHosts;
        if (options.Evidence == EvidencePolicy.Network || ask.Evidence == EvidenceWish.Network)
        {
            return Without(isOfHosts, "Advanced Search was not to be asked.");
        }

        // A name of a host is the same whoever asked for it.
        IReadOnlyList<NetAddress> sources = isOfHosts ? [] : ask.Focus?.Addresses ?? (ask.Filters.Ip is { } ip ? [ip] : []);
        var key = new Key(isOfHosts, new AddressSet(sources), ask.Subnet, ask.Evidence == EvidenceWish.Records);
        if (!ask.Refresh && Find(key, ask) is { } known)
        {
            return known;
        }

        KnownNames names;
        try
        {
            var evidence = await reader.By(ask.Evidence).ReadAsync(
                new NameAsk(ask.Window, sources, [], null), isOfHosts ? OfHosts : [NameKind.Dns], cancellationToken).ConfigureAwait(false);
            names = isOfHosts ? Hosts(evidence) : Lookups(evidence, ask);
        }
        catch (ApplianceException error)
        {
            return Without(isOfHosts, $"entries of names could not be read. {error.Happened}");
        }

        Keep(new Kept(key, ask.Window, time.GetUtcNow(), names));
        return names;
    }

    private static KnownNames Without(bool isOfHosts, string why) => new()
    {
        Notes =
        [
            (isOfHosts ? "Names are host names of the rows alone: " : "DNS tunnels and generated names were not looked for: ") + why,
        ],
    };

    // The newest DNS answer, else the newest TLS server name, else the newest host of HTTP.
    private static KnownNames Hosts(NameEvidence evidence)
    {
        Dictionary<NetAddress, string> names = [];
        foreach (var kind in OfHosts)
        {
            foreach (var record in evidence.Records.Where(pair => pair.Kind == kind).Select(pair => pair.Record)
                .OrderByDescending(record => record.TimeMs ?? 0))
            {
                // A host of HTTP may be an address, or have a port.
                if (kind == NameKind.Dns)
                {
                    foreach (var answer in record.Answers)
                    {
                        names.TryAdd(answer, record.Name);
                    }
                }
                else if (record.Host.IsPresent && !record.Name.Contains(':') && !NetAddress.TryParse(record.Name, out _))
                {
                    names.TryAdd(record.Host, record.Name);
                }
            }
        }

        return new KnownNames
        {
            OfHosts = names,
            Notes =
            [
                .. evidence.Notes,
                .. names.Count > 0
                    ? ["Names that rows do not tell are from DNS answers, TLS server names and hosts of HTTP in this window."]
                    : Array.Empty<string>(),
            ],
        };
    }

    private static KnownNames Lookups(NameEvidence evidence, Ask ask)
    {
        List<NameRecord> lookups = [.. evidence.Records.Select(pair => pair.Record)
            .Where(record => ask.Subnet is not { } subnet || subnet.Contains(record.Source))];
        return new KnownNames
        {
            Tunnels = DomainTree.Tunnels(lookups),
            Nowhere = NowhereFinder.Find(lookups),
            Notes = [.. evidence.Notes.Select(note => "Names: " + note)],
        };
    }

    private KnownNames? Find(Key key, Ask ask)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var slack = ask.IsRelative ? (long)options.KeepRunning.TotalMilliseconds : 0;
            return _kept.FirstOrDefault(kept => kept.Key == key && Math.Abs(kept.Window.StartMs - ask.Window.StartMs) <= slack
                && Math.Abs(kept.Window.EndMs - ask.Window.EndMs) <= slack && now - kept.ReadAt <= options.KeepRunning)?.Names;
        }
    }

    private void Keep(Kept kept)
    {
        lock (_gate)
        {
            _kept.AddFirst(kept);
            if (_kept.Count > MostKept)
            {
                _kept.RemoveLast();
            }
        }
    }

    private sealed record Key(bool IsOfHosts, AddressSet Sources, AddressRange? Subnet, bool IsOfAppliance);

    private sealed record Kept(Key Key, TimeWindow Window, DateTimeOffset ReadAt, KnownNames Names);
}
