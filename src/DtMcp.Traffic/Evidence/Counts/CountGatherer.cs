using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Evidence.Sharing;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence.Counts;

/// <summary>The counts that a question still needs, by those there are.</summary>
internal delegate CountsNeeded CountsWanted(CountedEvidence evidence);

/// <summary>Counts to ask for, none where all are there; or why counts are not what answers.</summary>
internal readonly record struct CountsNeeded(IReadOnlyCollection<CountAsk> Asks, string? WhyNot = null);

/// <summary>
/// Has the appliance count, where that answers: asked for, or by itself for a window of many days that holds more records than one capture
/// keeps, and more than a few pages. In rounds, since which values are the commonest has to be known before their bytes are asked for.
/// </summary>
internal sealed class CountGatherer(
    DarktraceClient client, InvestigatorOptions options, TimeProvider time, ApplianceMemory memory, NetworkTables tables)
{
    internal const string Endpoint = "/advancedsearch/api/analyze";

    /// <summary>Rounds of one question: totals and lists, then what is told of the listed, then what that needs.</summary>
    private const int MaxRounds = 8;

    /// <summary>Requests of one question; a tool's tables take some sixty.</summary>
    private const int MaxRequests = 600;

    private readonly CountReader _reader = new(client);
    private readonly CountStore _store = new(options, time);

    /// <summary>What the appliance counts; null where it does not, with the reason among the notes, or where rows are the better.</summary>
    public async Task<(Gathered Gathered, CountedEvidence Evidence)?> TryAsync(
        Ask ask, CountsWanted wanted, List<string> notes, IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        // Where counts were not asked for, rows answer as well as ever: no word of it.
        List<string> why = [];
        if (WhyNot(ask) is { } refusal)
        {
            why.Add(refusal);
        }

        try
        {
            return why.Count > 0 ? null : await ReadAsync(ask, wanted, why, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (ApplianceException error) when (error.Error is not (ApplianceError.Unreachable or ApplianceError.NotAnswering
            or ApplianceError.UntrustedCertificate or ApplianceError.SignatureRejected or ApplianceError.ClockSkew))
        {
            memory.Remember(Endpoint, error, $"No counts: {error.Happened} {error.Remedy}");
            why.Add($"No counts: {error.Happened} {error.Remedy}");
            return null;
        }
        finally
        {
            notes.AddRange(ask.Evidence == EvidenceWish.Counts ? why : []);
        }
    }

    private string? WhyNot(Ask ask) => ask.Filters switch
    {
        _ when !memory.MayTry(Endpoint) => memory.WhyRefused(Endpoint),
        { Port: 0 } or { SourcePort: 0 } or { DestinationPort: 0 } =>
            "No counts: port 0 stands for no port, which no search of records says.",
        _ => null,
    };

    // Names are wanted last: the list of devices comes meanwhile, unless it has to say first which addresses a device had.
    private async Task<(Gathered Gathered, CountedEvidence Evidence)?> ReadAsync(
        Ask ask, CountsWanted wanted, List<string> notes, IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        if (ask.Filters.Did is not null)
        {
            var known = await tables.DevicesAsync(ask, cancellationToken).ConfigureAwait(false);
            return await CountAsync(ask, known.Devices, wanted, notes, progress, cancellationToken).ConfigureAwait(false) is { } one
                ? Named(one, known)
                : null;
        }

        var (counted, devices) = await Siblings.BothAsync(
            token => CountAsync(ask, DeviceList.Empty, wanted, notes, progress, token), token => tables.DevicesAsync(ask, token),
            cancellationToken).ConfigureAwait(false);
        return counted is { } all ? Named(all, devices) : null;
    }

    private static (Gathered Gathered, CountedEvidence Evidence) Named(
        (Gathered Gathered, CountedEvidence Evidence) counted, (DeviceList Devices, string? Failure) known) => (
            known.Failure is null ? counted.Gathered : counted.Gathered with { Notes = [known.Failure, .. counted.Gathered.Notes] },
            counted.Evidence with { Names = known.Devices });

    private async Task<(Gathered Gathered, CountedEvidence Evidence)?> CountAsync(
        Ask ask, DeviceList devices, CountsWanted wanted, List<string> notes, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        var inside = new InsideTerms(options.Internal);
        var device = DeviceOf(ask, devices);
        if (ask.Filters.Did is not null && device.Count == 0)
        {
            notes.Add("No counts: every address of the device is another's now.");
            return null;
        }

        var search = SearchOf(ask, device, inside);
        var counts = (ask.Refresh ? null : _store.Find(ask.Window, search, ask.IsRelative))
            ?? new CountStore.Kept(search, new CountBook { Days = client.GraphDays(ask.Window) }, time.GetUtcNow());
        search = counts.Search;
        var evidence = new CountedEvidence(counts.Book, inside, device, devices, search.Window.StartMs);
        using var meter = new ReadMeter(progress, time, "counting");
        if (ask.Evidence != EvidenceWish.Counts && await ReadableAsync(evidence, search, meter, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        for (var round = 0; ; round++)
        {
            var (asks, whyNot) = wanted(evidence);
            var unsure = Unsure(evidence);
            if (whyNot is not null || unsure is null)
            {
                notes.Add(whyNot is null ? memory.WhyRefused(Endpoint)! : $"No counts: {whyNot}.");
                return null;
            }

            HashSet<CountAsk> all = [.. unsure, .. asks];
            if (all.Count == 0)
            {
                break;
            }

            meter.Parts += all.Count;
            if (round == MaxRounds || counts.Book.Count + all.Count > MaxRequests || !CountReader.Fit(search, all))
            {
                notes.Add("No counts: the question takes too many of them, or too many conditions for one.");
                return null;
            }

            await _reader.FillAsync(counts.Book, search, all, meter, cancellationToken).ConfigureAwait(false);
        }

        if (!counts.Book.IsPartial && !counts.Book.Shifts)
        {
            _store.Keep(counts);
        }

        var gathered = new Gathered
        {
            Evidence = EvidenceKind.Counts,
            ReadAt = counts.ReadAt,
            Window = search.Window,
            AtLeast = counts.Book.IsPartial,
            Notes =
            [
                .. CountCaveats.Of(counts.Book),
                .. counts.Book.Total(null) is { } records ? [CountCaveats.Deeper(records)] : Array.Empty<string>(),
            ],
        };
        return (gathered, evidence);
    }

    // Whether rows of all the records that would have to be read are kept, or few enough to be read each time: the side and a range are no
    // words of the search for records.
    private async Task<bool> ReadableAsync(CountedEvidence evidence, ConnSearch search, ReadMeter meter,
        CancellationToken cancellationToken)
    {
        if (evidence.Book.Count > 0)
        {
            return false;
        }

        var book = search.Where is null ? evidence.Book : new CountBook();
        for (var round = 0; round < 2; round++)
        {
            var counts = new CountLookup(book);
            if (counts.Total(null) is { } total)
            {
                return total <= Math.Max(options.MaxFlows, options.FewRows);
            }

            meter.Parts += counts.Missing.Count;
            await _reader.FillAsync(book, search with { Where = null }, counts.Missing, meter, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    // What has to be counted to see whether ranges and the appliance's own word of inside select what they say: once, by what the appliance
    // lists under them. Nothing once that is known; null where they do not.
    private IReadOnlyCollection<CountAsk>? Unsure(CountedEvidence evidence)
    {
        if (memory.CountsAreUnderstood)
        {
            return [];
        }

        var counts = new CountLookup(evidence.Book);
        var isRight = CountCheck.IsRight(counts, evidence.Inside, options.Internal);
        if (counts.Missing.Count > 0)
        {
            return counts.Missing;
        }

        memory.CountsAreUnderstood = isRight;
        if (!isRight)
        {
            memory.Refused(Endpoint, "No counts: the appliance does not take ranges of addresses as its search is said to.");
        }

        return isRight ? [] : null;
    }

    // The addresses whose rows count for the device.
    private static IReadOnlyList<NetAddress> DeviceOf(Ask ask, DeviceList devices) => ask.Focus switch
    {
        { Did: not null } focus when ask.Filters.Ip is null || ask.Filters.Did is not null =>
            [.. focus.Addresses.Where(address => !Naming.IsAnothers(devices, focus, address, ask.Window.StartMs))],
        { Addresses: [var address, ..] } => [address],
        _ => ask.Filters.Ip is { } ip ? [ip] : [],
    };

    private static ConnSearch SearchOf(Ask ask, IReadOnlyList<NetAddress> device, InsideTerms inside)
    {
        List<ConnTerm> terms = [];
        if (ask.Subnet is { } subnet)
        {
            terms.Add(ConnTerm.Any(ConnTerm.In(ConnField.SourceIp, [subnet]), ConnTerm.In(ConnField.DestinationIp, [subnet])));
        }

        if (ask.RowFilters.IntExt is { } side)
        {
            terms.Add(side == TrafficSide.External ? inside.External : inside.Internal);
        }

        if ((ask.Filters.Port ?? ask.Filters.SourcePort ?? ask.Filters.DestinationPort) is not null)
        {
            terms.Add(CountCheck.HasPorts);
        }

        return RecordReader.Search(RecordReader.Pushable(ask), ask.Window, ask.Filters.Did is null ? null : device) with
        {
            Where = terms.Count == 0 ? null : ConnTerm.All([.. terms]),
        };
    }
}
