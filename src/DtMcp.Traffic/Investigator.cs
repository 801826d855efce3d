using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Evidence.Counts;
using DtMcp.Traffic.Evidence.NameEntries;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Investigations.Hunting;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Investigations.Lookups;
using DtMcp.Traffic.Investigations.NameLookups;
using DtMcp.Traffic.Investigations.Timelines;
using DtMcp.Traffic.Observing;
using DtMcp.Traffic.Queries.Collected;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Conditions;
using DtMcp.Traffic.Rendering;

namespace DtMcp.Traffic;

/// <summary>
/// The flow in one readable place, and the map of this project: a question is resolved, asked, analysed and rendered. One investigator
/// serves one appliance and many callers at once.
/// </summary>
public sealed class Investigator
{
    private readonly TimeProvider _time;
    private readonly Anonymity _anonymity;
    private readonly Resolver _resolver;
    private readonly CaptureStore _captures;
    private readonly EvidenceReading _reading;
    private readonly BreachTable _breaches;
    private readonly HourTable _hours;
    private readonly AlertList _alerts;
    private readonly HuntVerdict _verdict;
    private readonly LookupSources _lookups;
    private readonly NameAnswers _names;
    private readonly FarNames _farNames;
    private readonly RowNames _rowNames;
    private readonly WindowNames _windowNames;
    private readonly EndpointFacts _endpoints;
    private readonly AnswerMemo _answers = new();
    private readonly WorkGate _gate;

    public Investigator(InvestigatorOptions options, DarktraceClient client, TimeProvider time)
        : this(options, client, time, WorkGate.OfProcess)
    {
    }

    internal Investigator(
        InvestigatorOptions options, DarktraceClient client, TimeProvider time, WorkGate gate, IHistory? history = null,
        ISharedCaptures? others = null)
    {
        Options = options;
        _gate = gate;
        _captures = new CaptureStore(options, time, others);
        _time = time;
        var memory = new ApplianceMemory(options, time);
        var values = new FilterValues(client, memory, time);
        _resolver = new Resolver(client, values, memory, options.Internal);
        var presence = history is null ? null : new HistoryPresence(history, options.Appliance, time);
        var gatherer = new Gatherer(client, options, time, _captures, memory, presence);
        var past = new PastReader(presence, options);
        _reading = new EvidenceReading(gatherer, new CountGatherer(client, options, time, memory, gatherer.Tables),
            new HistoryCounting(gatherer, history, options), past, options, gate);
        _breaches = new BreachTable(client, memory);
        _hours = new HourTable(client, memory);
        var names = new NameReader(
            new ApplianceNames(client, memory), presence is null ? null : new CollectedNames(presence, options));
        _names = new NameAnswers(names, gatherer.Tables);
        _farNames = new FarNames(names, options.Internal, time);
        _rowNames = new RowNames(names, options.Internal);
        _windowNames = new WindowNames(names, options, time);
        _endpoints = new EndpointFacts(client, memory, names, past);
        var alerts = new AlertReader(client, memory);
        (_alerts, _verdict) = (new AlertList(alerts), new HuntVerdict(client, alerts, memory));
        _anonymity = new Anonymity(client, time);
        _lookups = new LookupSources(
            new DeviceLookup(client), new FilterList(values), new ApplianceCheck(client, options, time, memory, _anonymity));
    }

    public InvestigatorOptions Options { get; }

    /// <summary>Bounds the memory of answers that are made at the same time.</summary>
    internal WorkGate Gate => _gate;

    /// <summary>How many captures are kept in memory, and their bytes.</summary>
    internal (int Count, long Bytes) Captures => _captures.Kept;

    /// <summary>Answers a question, or throws an <see cref="DtMcp.Darktrace.Errors.ApplianceException"/> that says what to do.</summary>
    public async Task<Answer> AskAsync(Question question, IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var answer = await AnswerAsync(question, progress, cancellationToken).ConfigureAwait(false);
        TrafficInstruments.Answered(question.Investigation.Name, answer.IsCut);
        return answer;
    }

    /// <summary>What <see cref="AskAsync"/> makes a text of.</summary>
    internal async Task<Digest> FindAsync(Question question, IProgress<AskProgress>? progress, CancellationToken cancellationToken) =>
        Allowed((await DigestAsync(question, progress, cancellationToken).ConfigureAwait(false)).Digest, question);

    private async Task<Answer> AnswerAsync(Question question, IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        var (digest, findings) = await DigestAsync(question, progress, cancellationToken).ConfigureAwait(false);
        if (findings is null)
        {
            return Render(digest, question);
        }

        if (_answers.Find(findings, digest, question) is { } answered)
        {
            return answered;
        }

        using var pass = await _gate.EnterAsync(WorkEstimate.OfRendering(digest), cancellationToken).ConfigureAwait(false);
        return _answers.Of(findings, digest, question, Render);
    }

    // With the findings where they are kept, and the text made of them with them.
    private async Task<(Digest Digest, Findings? Findings)> DigestAsync(
        Question question, IProgress<AskProgress>? progress, CancellationToken cancellationToken) => question.Investigation switch
        {
            Lookup lookup => (Page(
                question, await lookup.FindAsync(_lookups, PageRows.Of(question), cancellationToken).ConfigureAwait(false)), null),
            NameLookup names => (await BesideAsync(
                question, "names", (ask, settings) => _names.FindAsync(names, ask, settings, cancellationToken), cancellationToken)
                .ConfigureAwait(false), null),
            AlertReview => (await BesideAsync(
                question, "alerts", (ask, settings) => _alerts.FindAsync(ask, settings, cancellationToken), cancellationToken)
                .ConfigureAwait(false), null),
            _ => await TrafficAsync(question, progress, cancellationToken).ConfigureAwait(false),
        };

    /// <summary>Tries the configuration; usable when <c>/network</c> or the records answer.</summary>
    public async Task<(bool IsUsable, Answer Answer)> CheckAsync(AnswerFormat format, CancellationToken cancellationToken)
    {
        var question = new Question { Investigation = new ApplianceReview(), Window = Now, Format = format, Detail = Detail.Full };
        var (isUsable, findings) = await _lookups.Check.RunAsync(cancellationToken).ConfigureAwait(false);
        return (isUsable, Render(Page(question, findings), question));
    }

    private TimeWindow Now
    {
        get
        {
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            return new TimeWindow(now, now);
        }
    }

    // What is asked about a window of other endpoints than those of traffic.
    private async Task<Digest> BesideAsync(Question question, string evidence, Func<Ask, AnalysisSettings, Task<Findings>> find,
        CancellationToken cancellationToken)
    {
        LongestWindow.Check(question.Window);
        var ask = await _resolver.ResolveAsync(question, cancellationToken).ConfigureAwait(false);
        var found = await find(ask, Settings(question, ask, 0)).ConfigureAwait(false);
        var page = Page(question, found);
        return page with
        {
            Scope = page.Scope with
            {
                Window = ask.Window,
                Zone = question.Zone,
                Filters = AskedFilters.Of(question, ask.Filters),
                Evidence = evidence,
            },
            Notes = [.. ask.Notes, .. found.Notes],
        };
    }

    private async Task<(Digest Digest, Findings Findings)> TrafficAsync(Question question, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        var cursor = RowCursor.Of(question, Options.Appliance);
        if (cursor is { } page)
        {
            question = question with { Window = page.Window, IsRelative = false, Sort = page.Sort ?? question.Sort };
        }

        LongestWindow.Check(question.Window);
        if (question.Investigation is LookBackInvestigation lookBack)
        {
            LongestWindow.Check(lookBack.Earlier(question.Window));
        }

        question = await ByNameAsync(question, cancellationToken).ConfigureAwait(false);
        var ask = await _resolver.ResolveAsync(question, cancellationToken).ConfigureAwait(false);
        var settings = await _windowNames.AddAsync(
            question.Investigation, ask, Settings(question, ask, cursor?.Offset ?? 0), cancellationToken).ConfigureAwait(false);
        var (findings, gathered) = await GatherAsync(question, ask, settings, progress, cancellationToken).ConfigureAwait(false);
        if (question.Investigation.Needs.IsAboutDevice)
        {
            var (breaches, note) = await _breaches.ReadAsync(ask, PageRows.Of(question), cancellationToken).ConfigureAwait(false);
            findings = findings with
            {
                Tables = breaches is null ? findings.Tables : [.. findings.Tables, breaches],
                Notes = note is null ? findings.Notes : [.. findings.Notes, note],
            };
            findings = Timeline.Told(findings, PageRows.Of(question));
        }

        if (question.Investigation.Needs.IsAboutEndpoint)
        {
            findings = await _endpoints.AddAsync(
                findings, ask, settings.FocusAddress, PageRows.Of(question), cancellationToken).ConfigureAwait(false);
        }

        if (gathered.Evidence is EvidenceKind.Records or EvidenceKind.History && question.Investigation is NetworkTraffic)
        {
            findings = await _rowNames.AddAsync(findings, ask.Evidence, cancellationToken).ConfigureAwait(false);
        }

        if (gathered.Evidence is EvidenceKind.Records or EvidenceKind.History)
        {
            findings = await _farNames.AddAsync(findings, ask.Window, ask.Evidence, cancellationToken).ConfigureAwait(false);
        }

        if (question.Investigation is Hunt)
        {
            findings = await _verdict.AddAsync(findings, ask, gathered.Evidence, cancellationToken).ConfigureAwait(false);
        }

        if (question.Investigation.Needs.WantsSeries && gathered.Evidence == EvidenceKind.Connectivity)
        {
            findings = await _hours.AddAsync(findings, ask, gathered.Tables, cancellationToken).ConfigureAwait(false);
        }

        if (gathered.Rows is null && Caveats.IsFull(findings))
        {
            findings = findings with { Notes = [.. findings.Notes, Caveats.Full] };
        }

        var isAnonymised = await _anonymity.AskAsync(cancellationToken).ConfigureAwait(false);
        var offset = cursor?.Offset ?? 0;
        var digest = new Digest
        {
            Tool = question.Investigation.Name,
            Scope = new Scope
            {
                Appliance = Options.Appliance,
                Window = gathered.Window,
                Zone = question.Zone,
                Filters = AskedFilters.Of(question, ask.RowFilters),
                Evidence = Told(gathered.Evidence),
                ConnectionsRead = gathered.ConnectionsRead,
                CachedSeconds = Math.Max(0, (long)(_time.GetUtcNow() - gathered.ReadAt).TotalSeconds),
                Synthetic = Options.Synthetic,
            },
            Device = findings.Device,
            DeviceWord = findings.DeviceWord,
            Totals = gathered.AtLeast ? [new Field("totals_are", Cell.Of("at least")), .. findings.Totals] : findings.Totals,
            Tables = findings.Tables,
            CursorAfter = question.Investigation is NetworkTraffic && findings.Tables is [{ Name: "traffic" or "connections" }, ..]
                ? shown => offset + shown < findings.Tables[0].Of
                    ? new RowCursor(offset + shown, gathered.Window, question.Sort).For(question, Options.Appliance)
                    : null
                : null,
            Notes =
            [
                .. isAnonymised ? [Caveats.Anonymised] : Array.Empty<string>(), .. ask.Notes, .. gathered.Notes, .. findings.Notes,
                .. NothingFound.Notes(question, gathered, findings),
            ],
            Next = [.. Here(NextCalls.Onwards(findings.Next, question)).Take(question.Detail == Detail.Brief ? 2 : 5)],
        };
        return (digest, findings);
    }

    private async Task<(Findings Findings, Gathered Gathered)> GatherAsync(
        Question question, Ask ask, AnalysisSettings settings, IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        using var span = TrafficInstruments.Gathering();
        var asked = _time.GetUtcNow();
        var found = await _reading.AnswerAsync(question.Investigation, ask, settings, progress, cancellationToken).ConfigureAwait(false);
        var gathered = found.Gathered;
        TrafficInstruments.Gathered(span, Told(gathered.Evidence), gathered.ReadAt < asked, gathered.ConnectionsRead);
        return found;
    }

    private static string Told(EvidenceKind evidence) => evidence.ToString().ToLowerInvariant();

    // A far end by its name: the addresses that the name stood for. One that is described is asked for by its address, so that nothing
    // else is read.
    private async Task<Question> ByNameAsync(Question question, CancellationToken cancellationToken)
    {
        var conditions = question.Conditions;
        IReadOnlyList<NetAddress> addresses = conditions.PeerName is { } name
            ? await _farNames.AddressesOfAsync(name, question.Window, question.Evidence, cancellationToken).ConfigureAwait(false)
            : conditions.Peer?.Ends() is var (first, last) && first == last ? [first] : [];
        if (!question.Investigation.Needs.IsAboutEndpoint)
        {
            return conditions.PeerName is null || addresses.Count == 0
                ? question
                : question with { Conditions = conditions with { PeerAddresses = new AddressSet(addresses) } };
        }

        if ((question.Filters.Ip ?? (addresses.Count > 0 ? addresses[0] : null)) is { } host && Options.Internal.Contains(host))
        {
            throw new ApplianceException(
                ApplianceError.InvalidArgument, $"{host} is inside: describe_endpoint tells of hosts outside.",
                $"Call analyze_device_activity ip={host}.");
        }

        return question.Filters.Ip is not null ? question
            : addresses is [var address, ..] ? question with
            {
                Filters = question.Filters with { Ip = address },
                Conditions = conditions with { Peer = null, PeerName = null },
            }
            : throw new ApplianceException(
                ApplianceError.InvalidArgument,
                conditions.PeerName is { } unknown
                    ? $"peer: no address of {PlainText.Shown(unknown)} was seen in this window."
                    : "peer is a range, and one host is described.",
                "Give the host's address, a longer window, or look for the name with lookup_names.");
    }

    private AnalysisSettings Settings(Question question, Ask ask, long offset) => new()
    {
        Window = ask.Window,
        Zone = question.Zone,
        Filters = ask.RowFilters,
        Conditions = ask.Conditions,
        Interval = question.Interval,
        Internal = Options.Internal,
        KnownGood = Options.KnownGood,
        Limit = PageRows.Of(question),
        HasLimit = question.Limit is not null,
        IsShort = question.Detail != Detail.Full && !question.NoBudget,
        ListAll = question.NoBudget,
        IsJoined = question.IsJoined,
        FocusDid = ask.Filters.Did ?? (ask.Filters.Ip is null ? ask.Focus?.Did : null),
        FocusAddress = ask.Focus is { Addresses: [var address, ..] } ? address : NetAddress.None,
        FocusDetails = ask.Focus?.Details,
        Subnet = ask.Subnet,
        Sort = question.Sort,
        Offset = offset,
    };

    private Digest Page(Question question, Findings findings) => new()
    {
        Tool = question.Investigation.Name,
        Scope = new Scope
        {
            Appliance = Options.Appliance,
            Synthetic = Options.Synthetic,
            Filters = AskedFilters.Of(question, question.Filters),
        },
        Totals = findings.Totals,
        Tables = findings.Tables,
        Notes = findings.Notes,
        Next = [.. Here(findings.Next)],
    };

    // Of this appliance: the same call on another is about something else.
    private IEnumerable<string> Here(IEnumerable<string> calls) =>
        Options.IsOneOfMany ? calls.Select(call => $"{call} appliance={Options.Appliance}") : calls;

    /// <summary>Without next calls and advice of tools that whoever asks does not have.</summary>
    internal static Digest Allowed(Digest digest, Question question) => question.Tools is { } tools
        ? digest with { Next = [.. digest.Next.Where(tools.Holds)], Notes = [.. digest.Notes.Select(tools.Without)] }
        : digest;

    /// <summary>The text of an answer, within its budget.</summary>
    internal static Answer Render(Digest digest, Question question)
    {
        digest = Allowed(digest, question);
        var text = DigestRenderer.Render(digest, question.Format, question.Detail, question.NoBudget, out var isCut);
        return new Answer(text, question.Format == AnswerFormat.Json ? text : null) { IsCut = isCut };
    }
}
