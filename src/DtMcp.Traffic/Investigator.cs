using DtMcp.Darktrace;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Investigations.Lookups;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Rendering;

namespace DtMcp.Traffic;

/// <summary>
/// The flow in one readable place, and the map of this project: a question is resolved, asked, condensed and rendered. One investigator
/// serves one appliance and many callers at once.
/// </summary>
public sealed class Investigator
{
    private readonly TimeProvider _time;
    private readonly Anonymity _anonymity;
    private readonly Resolver _resolver;
    private readonly Gatherer _gatherer;
    private readonly TwoWindows _twoWindows;
    private readonly BreachTable _breaches;
    private readonly HourTable _hours;
    private readonly DeviceLookup _devices;
    private readonly FilterList _filters;
    private readonly ApplianceCheck _check;
    private readonly AnswerMemo _answers = new();
    private readonly WorkGate _gate;

    public Investigator(InvestigatorOptions options, DarktraceClient client, TimeProvider time)
        : this(options, client, time, WorkGate.OfProcess)
    {
    }

    internal Investigator(InvestigatorOptions options, DarktraceClient client, TimeProvider time, WorkGate gate)
    {
        Options = options;
        _gate = gate;
        _time = time;
        var memory = new ApplianceMemory(options, time);
        var values = new FilterValues(client, memory, time);
        _resolver = new Resolver(client, values, memory, options.Internal);
        _gatherer = new Gatherer(client, options, time, new CaptureStore(options, time), memory);
        _twoWindows = new TwoWindows(_gatherer, options, gate);
        _breaches = new BreachTable(client, memory);
        _hours = new HourTable(client, memory);
        _devices = new DeviceLookup(client);
        _filters = new FilterList(values);
        _anonymity = new Anonymity(client, time);
        _check = new ApplianceCheck(client, options, time, memory, _anonymity);
    }

    public InvestigatorOptions Options { get; }

    /// <summary>Answers a question, or throws an <see cref="DtMcp.Darktrace.Errors.ApplianceException"/> that says what to do.</summary>
    public async Task<Answer> AskAsync(Question question, IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var digest = question.Tool switch
        {
            "find_devices" => Page(question,
                await _devices.FindAsync(question.Extra.GetValueOrDefault("query"), Limit(question),
                    cancellationToken).ConfigureAwait(false)),
            "list_filter_values" => Page(question, await _filters.ListAsync(
                question.Extra.GetValueOrDefault("kind") ?? "protocols", question.Extra.GetValueOrDefault("query"), Limit(question),
                cancellationToken).ConfigureAwait(false)),
            "check_appliance" => Page(question, (await _check.RunAsync(cancellationToken).ConfigureAwait(false)).Findings),
            _ => null,
        };
        if (digest is not null)
        {
            return Render(digest, question);
        }

        var (traffic, findings) = await TrafficAsync(question, progress, cancellationToken).ConfigureAwait(false);
        if (_answers.Find(findings, traffic, question) is { } answered)
        {
            return answered;
        }

        using var pass = await _gate.EnterAsync(WorkEstimate.OfRendering(traffic), cancellationToken).ConfigureAwait(false);
        return _answers.Of(findings, traffic, question, Render);
    }

    /// <summary>Tries the configuration; usable when <c>/network</c> or the records answer.</summary>
    public async Task<(bool IsUsable, Answer Answer)> CheckAsync(AnswerFormat format, CancellationToken cancellationToken)
    {
        var question = new Question { Tool = "check_appliance", Window = Now, Format = format, Detail = Detail.Full };
        var (isUsable, findings) = await _check.RunAsync(cancellationToken).ConfigureAwait(false);
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

    private async Task<(Digest Digest, Findings Findings)> TrafficAsync(Question question, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        var cursor = RowCursor.Of(question, Options.Appliance);
        if (cursor is { } page)
        {
            question = question with { Window = page.Window, IsRelative = false, Sort = page.Sort ?? question.Sort };
        }

        LongestWindow.Check(question.Window);
        if (TwoWindows.Answers(question.Tool))
        {
            LongestWindow.Check(EarlierWindow.Of(question));
        }

        var ask = await _resolver.ResolveAsync(question, cancellationToken).ConfigureAwait(false);
        var settings = Settings(question, ask, cursor?.Offset ?? 0);
        var (findings, gathered) = TwoWindows.Answers(question.Tool)
            ? await _twoWindows.AskAsync(question, ask, settings, progress, cancellationToken).ConfigureAwait(false)
            : await OneWindowAsync(question.Tool, ask, settings, progress, cancellationToken).ConfigureAwait(false);
        if (question.Tool == "analyze_device_activity")
        {
            var (breaches, note) = await _breaches.ReadAsync(ask, Limit(question), cancellationToken).ConfigureAwait(false);
            findings = findings with
            {
                Tables = breaches is null ? findings.Tables : [.. findings.Tables, breaches],
                Notes = note is null ? findings.Notes : [.. findings.Notes, note],
            };
        }

        if (question.Tool == "analyze_bandwidth" && gathered.Evidence == EvidenceKind.Connectivity)
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
            Tool = question.Tool,
            Scope = new Scope
            {
                Appliance = Options.Appliance,
                Window = gathered.Window,
                Filters = AskedFilters.Of(question, ask.RowFilters),
                Evidence = gathered.Evidence.ToString().ToLowerInvariant(),
                ConnectionsRead = gathered.ConnectionsRead,
                CachedSeconds = Math.Max(0, (long)(_time.GetUtcNow() - gathered.ReadAt).TotalSeconds),
                Synthetic = Options.Synthetic,
            },
            Device = findings.Device,
            Totals = gathered.AtLeast ? [new Field("totals_are", Cell.Of("at least")), .. findings.Totals] : findings.Totals,
            Tables = findings.Tables,
            CursorAfter = question.Tool == "get_network_traffic" && findings.Tables is [{ Name: "traffic" or "connections" }, ..]
                ? shown => offset + shown < findings.Tables[0].Of
                    ? new RowCursor(offset + shown, gathered.Window, question.Sort).For(question, Options.Appliance)
                    : null
                : null,
            Notes = [.. isAnonymised ? [Caveats.Anonymised] : Array.Empty<string>(), .. ask.Notes, .. gathered.Notes, .. findings.Notes],
            Next = findings.Next,
        };
        return (digest, findings);
    }

    private async Task<(Findings Findings, Gathered Gathered)> OneWindowAsync(
        string tool, Ask ask, AnalysisSettings settings, IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        var analysis = Analyses.Create(tool, settings);
        var rows = new RowFilter(ask, Options.Internal, analysis);
        var overflow = new OverflowFeed(rows);
        var gathered = await _gatherer.GatherAsync(ask, overflow, progress, cancellationToken).ConfigureAwait(false);
        if (overflow.Happened || gathered.Rows is not { IsWhole: true } capture)
        {
            return (await CondenseAsync(cancellationToken).ConfigureAwait(false), gathered);
        }

        return (await capture.Found.GetAsync(new FindingsMemo.Key(tool, settings, gathered.Window), CondenseAsync,
            cancellationToken).ConfigureAwait(false), gathered);

        async Task<Findings> CondenseAsync(CancellationToken token)
        {
            using var pass = await _gate.EnterAsync(WorkEstimate.OfCondensing(tool, settings, gathered.Rows?.Flows),
                token).ConfigureAwait(false);
            return Condense(analysis, rows, overflow, ask, gathered, token);
        }
    }

    private static Findings Condense(IAnalysis analysis, RowFilter rows, OverflowFeed overflow, Ask ask, Gathered gathered,
        CancellationToken cancellationToken)
    {
        if (gathered.Series is { } series)
        {
            return ((ISeriesAnalysis)analysis).Finish(series);
        }

        if (gathered.Tables is { } tables)
        {
            return analysis.Finish(tables);
        }

        var flows = gathered.Rows!.Flows!;
        if (!overflow.Happened)
        {
            RowFeed.Run(flows, analysis, rows.IsNeeded(gathered.Rows.Key.Window) ? rows : null, cancellationToken);
        }

        return analysis.Finish(flows);
    }

    private AnalysisSettings Settings(Question question, Ask ask, long offset) => new()
    {
        Window = ask.Window,
        Filters = ask.RowFilters,
        Internal = Options.Internal,
        Limit = Limit(question),
        ListAll = question.NoBudget,
        FocusDid = ask.Filters.Did ?? (ask.Filters.Ip is null ? ask.Focus?.Did : null),
        FocusAddress = ask.Focus is { Addresses: [var address, ..] } ? address : NetAddress.None,
        FocusDetails = ask.Focus?.Details,
        Subnet = ask.Subnet,
        Sort = question.Sort,
        Offset = offset,
    };

    private Digest Page(Question question, Findings findings) => new()
    {
        Tool = question.Tool,
        Scope = new Scope
        {
            Appliance = Options.Appliance,
            Synthetic = Options.Synthetic,
            Filters = AskedFilters.Of(question, question.Filters),
        },
        Totals = findings.Totals,
        Tables = findings.Tables,
        Notes = findings.Notes,
        Next = findings.Next,
    };

    private static Answer Render(Digest digest, Question question)
    {
        var text = DigestRenderer.Render(digest, question.Format, question.Detail, question.NoBudget);
        return new Answer(text, question.Format == AnswerFormat.Json ? text : null);
    }

    /// <summary>The rows of a table that are asked for, and no more than any page of that detail can show.</summary>
    internal static int Limit(Question question)
    {
        var asked = question.Limit ?? question.Detail switch { Detail.Brief => 5, Detail.Full => 50, _ => 10 };
        return question.NoBudget ? asked : Math.Min(asked, DigestRenderer.MaxRows(question.Detail));
    }
}
