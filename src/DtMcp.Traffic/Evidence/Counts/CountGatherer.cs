using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence.Counts;

/// <summary>The counts that a question still needs, by those there are.</summary>
internal delegate IReadOnlyCollection<CountAsk> CountsWanted(CountedEvidence evidence);

/// <summary>
/// Has the appliance count, where that answers: asked for, or by itself for a window of many days that holds more records than one capture
/// keeps. In rounds, since which values are the commonest has to be known before their bytes are asked for.
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
        catch (ApplianceException error) when (error.Error is not (ApplianceError.Unreachable or ApplianceError.UntrustedCertificate
            or ApplianceError.SignatureRejected or ApplianceError.ClockSkew))
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

    private async Task<(Gathered Gathered, CountedEvidence Evidence)?> ReadAsync(
        Ask ask, CountsWanted wanted, List<string> notes, IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        var (devices, missing) = await tables.DevicesAsync(ask, cancellationToken).ConfigureAwait(false);
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

        if (!await IsUnderstoodAsync(evidence, search, meter, cancellationToken).ConfigureAwait(false))
        {
            memory.Refused(Endpoint, "No counts: the appliance does not take ranges of addresses as its search is said to.");
            notes.Add(memory.WhyRefused(Endpoint)!);
            return null;
        }

        for (var round = 0; wanted(evidence) is { Count: > 0 } asks; round++)
        {
            meter.Parts += asks.Count;
            if (round == MaxRounds || counts.Book.Count + asks.Count > MaxRequests || !CountReader.Fit(search, asks))
            {
                notes.Add("No counts: the question takes too many of them, or too many conditions for one.");
                return null;
            }

            await _reader.FillAsync(counts.Book, search, asks, meter, cancellationToken).ConfigureAwait(false);
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
                .. CountCaveats.Of(counts.Book), .. missing is null ? [] : new[] { missing },
                .. counts.Book.Total(null) is { } records ? [CountCaveats.Deeper(records)] : Array.Empty<string>(),
            ],
        };
        return (gathered, evidence);
    }

    // Whether rows of all the records that would have to be read are kept: the side and a range are no words of the search for records.
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
                return total <= options.MaxFlows;
            }

            meter.Parts += counts.Missing.Count;
            await _reader.FillAsync(book, search with { Where = null }, counts.Missing, meter, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>
    /// Whether ranges and the appliance's own word of inside select what they say: seen once, by what the appliance lists under them.
    /// </summary>
    private async Task<bool> IsUnderstoodAsync(CountedEvidence evidence, ConnSearch search, ReadMeter meter,
        CancellationToken cancellationToken)
    {
        if (memory.CountsAreUnderstood)
        {
            return true;
        }

        for (var round = 0; round < 3; round++)
        {
            var counts = new CountLookup(evidence.Book);
            var isRight = CountCheck.IsRight(counts, evidence.Inside, options.Internal);
            if (counts.Missing.Count == 0)
            {
                return memory.CountsAreUnderstood = isRight;
            }

            meter.Parts += counts.Missing.Count;
            await _reader.FillAsync(evidence.Book, search, counts.Missing, meter, cancellationToken).ConfigureAwait(false);
        }

        return false;
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
