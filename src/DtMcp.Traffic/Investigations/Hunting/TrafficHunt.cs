using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Investigations.Hunting.Rules;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries.Channels;
using DtMcp.Traffic.Queries.Collected;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>
/// <c>hunt_traffic</c>: rules over the channels of a window, and over those of the time before where they are there, put together into
/// stories. Feed the window to <see cref="Now"/> and the time before to <see cref="Before"/>, in either order, then finish; or call
/// <see cref="Over"/>. O(n log n).
/// </summary>
internal sealed class TrafficHunt : ITwoWindowAnalysis
{
    /// <summary>Findings above low are all told up to so many, whatever a page of the detail holds.</summary>
    private const int MostAbove = 20;

    /// <summary>More of them are told in short rows, so that they fit the answer.</summary>
    private const int ManyAbove = 6;

    /// <summary>Stories whose next call is shown within a budget.</summary>
    private const int NextShown = 3;

    private readonly AnalysisSettings _settings;
    private readonly HuntKind _kind;
    private readonly Sides _sides;
    private readonly ChannelBook _book;
    private readonly ChannelBook _bookBefore;

    public TrafficHunt(AnalysisSettings settings, HuntKind kind = HuntKind.All)
    {
        (_settings, _kind, _sides) = (settings, kind, new Sides(settings.Internal));
        _book = new ChannelBook(_sides, new ChannelQuery(WantsStarts: true));
        _bookBefore = new ChannelBook(new Sides(settings.Internal), new ChannelQuery(WantsStarts: false));
    }

    public IFlowConsumer Now => _book;

    public bool ComparesTables => false;

    public bool WantsDirections => Wants(HuntKind.Upload);

    /// <summary>Takes the rows of the time before.</summary>
    public IFlowConsumer Before => _bookBefore;

    public HistoryPast? Past { get; set; }

    public IReadOnlyList<NetAddress> Fresh(FlowSet now, FlowSet? before)
    {
        if (before is null || !Wants(HuntKind.NewDestinations))
        {
            return [];
        }

        HashSet<ulong> known = [];
        foreach (ref readonly var channel in _bookBefore.All)
        {
            if (channel.GoesOut)
            {
                known.Add(before.Hosts.Fingerprint(channel.Key.Destination));
            }
        }

        HashSet<NetAddress> fresh = [];
        foreach (ref readonly var channel in _book.All)
        {
            var destination = channel.Key.Destination;
            if (channel.GoesOut && channel.Answered > 0 && now.Hosts.Address(destination).IsPresent
                && !known.Contains(now.Hosts.Fingerprint(destination)))
            {
                fresh.Add(now.Hosts.Address(destination));
            }
        }

        return [.. fresh];
    }

    public HistoryUploads? SentBefore { get; set; }

    public SentToCompare? SentNow(FlowSet now)
    {
        if (!Wants(HuntKind.Upload))
        {
            return null;
        }

        // Most hosts take little: those are not looked at pair by pair.
        var taken = new Sum[now.Hosts.Count];
        foreach (ref readonly var channel in _book.All)
        {
            taken[channel.Key.Destination] += channel.GoesOut ? channel.BytesOut : 0;
        }

        Dictionary<(int Source, int Destination), Sent> sent = [];
        foreach (ref readonly var channel in _book.All)
        {
            if (channel is { GoesOut: true, BytesOut.Value: > 0 } && taken[channel.Key.Destination] >= HuntRules.UploadMedium)
            {
                var key = (channel.Key.Source, channel.Key.Destination);
                sent[key] = sent.GetValueOrDefault(key).With(channel);
            }
        }

        return new SentToCompare(
            [
                .. from one in sent
                   where one.Value.Upload >= HuntRules.UploadMedium
                   let pair = new SentNow(now.Hosts.Address(one.Key.Source), now.Hosts.Address(one.Key.Destination), one.Value.Upload)
                   where pair.Source.IsPresent && pair.Destination.IsPresent
                   select pair,
            ],
            ChannelQuery.UploadConnectionBytes, ChannelQuery.UploadRatio, HuntRules.UploadTimesUsual);
    }

    // Where nothing was seen before, everything would be new: the appliance was not looking yet, which is no finding.
    public Findings Finish(FlowSet now, FlowSet? before, long beforeSelected) => Finish(now, beforeSelected > 0 ? before : null);

    public Findings Finish(FlowSet flows) => Finish(flows, null);

    /// <param name="flows">The window's rows.</param>
    /// <param name="before">The rows given to <see cref="Before"/>; null when there are none.</param>
    public Findings Finish(FlowSet flows, FlowSet? before)
    {
        var scene = new HuntScene(
            flows, _book, before is null ? null : new Baseline(before, _bookBefore, _book.FirstMs, Past, SentBefore), _sides);
        var stories = StoryBook.Of(scene, Signs(scene), _settings.KnownGood).Where(Wants).ToList();
        var lines = StoryBook.Lines(stories);
        var above = lines.Count(story => story.Confidence > Confidence.Low);
        var limit = _settings.HasLimit ? _settings.Limit : Math.Max(_settings.Limit, Math.Min(above, MostAbove));
        var shown = lines.Take(limit).ToList();
        var table = new StoryTable(scene, _settings, _settings.IsShort && above > ManyAbove);
        return new Findings
        {
            Totals =
            [
                new Field("connections", Cell.Of(_book.Connections)),
                new Field("devices", Cell.Of(scene.Devices)),
                new Field("findings", Cell.Of(stories.Count)),
                new Field("high", Count(Confidence.High)),
                new Field("medium", Count(Confidence.Medium)),
                new Field("low", Count(Confidence.Low)),
            ],
            Tables = [table.Of(shown, lines.Count)],
            Notes =
            [
                .. Notes(scene), .. table.Note,
                .. Lowered([.. stories.Select(story => story.KnownGood).OfType<KnownGoodEntry>()]), .. Innocent(shown),
            ],
            Next = [.. Next(table, shown)],
            Subjects = [.. lines.TakeWhile(story => story.Confidence > Confidence.Low).Select(table.Subject)],
        };

        Cell Count(Confidence confidence) => Cell.Of(stories.Count(story => story.Confidence == confidence));
    }

    public Findings Finish(ConnectivityHalves now, ConnectivityHalves before) =>
        ConnectivityHunt.Finish(now, before, _settings, _kind);

    /// <summary>Hunts over whole sets.</summary>
    public static Findings Over(FlowSet flows, FlowSet? before, AnalysisSettings settings, HuntKind kind = HuntKind.All)
    {
        var hunt = new TrafficHunt(settings, kind);
        foreach (var chunk in before?.Chunks ?? [])
        {
            hunt.Before.Consume(before!, chunk);
        }

        foreach (var chunk in flows.Chunks)
        {
            hunt.Now.Consume(flows, chunk);
        }

        return hunt.Finish(flows, before);
    }

    private IEnumerable<Sign> Signs(HuntScene scene)
    {
        var starts = _book.StartsOf(HuntRules.BeatsLow);
        return
        [
            .. BeaconRule.Find(scene, starts),
            .. ProgramRule.Find(scene, starts),
            .. UploadRule.Find(scene),
            .. LateralRule.Find(scene),
            .. GuessingRule.Find(scene),
            .. ScanRule.Find(scene),
            .. MassMailRule.Find(scene),
            .. AdminPortRule.Find(scene),
            .. NewDestinationRule.Find(scene),
            .. LongConnectionRule.Find(scene),
            .. NameRule.Find(scene, _settings.Names),
        ];
    }

    // A story of several kinds is one of each.
    private bool Wants(Story story) => _kind == HuntKind.All || story.Signs.Exists(sign => sign.Kind == _kind);

    private bool Wants(HuntKind kind) => _kind == HuntKind.All || _kind == kind;

    private List<string> Notes(HuntScene scene)
    {
        List<string> notes = [];
        if (_book.Connections == 0)
        {
            notes.Add("No connection matches: nothing was there to hunt in.");
            return notes;
        }

        notes.AddRange(_settings.Names?.Notes ?? []);
        if (NameRule.Unknown(scene, _settings.Names) is > 0 and var unknown)
        {
            notes.Add(HuntScene.Text($"{unknown} devices with many names, or with names that nobody has, are in no connection of this ")
                + "window. lookup_names has them.");
        }

        if (Wants(HuntKind.Upload) && !scene.KnowsBytesOut)
        {
            notes.Add("These rows give the bytes of both directions together, so uploads cannot be told.");
        }

        if (Wants(HuntKind.Scan) && !scene.KnowsState)
        {
            notes.Add(
                "These rows do not say which connections failed; a scan is told by connections without a byte, and is at most medium.");
        }

        if (scene.Before is not { ReachesBack: true } && Wants(HuntKind.NewDestinations))
        {
            notes.Add(scene.Before is null
                ? "There are no rows of the time before, so new destinations, and what a device usually sends, cannot be told."
                : "There are hardly any rows of the time before, so new destinations cannot be told.");
        }

        if (Past is { } past)
        {
            notes.Add($"New is what {PastReader.Told(past.FromMs, past.Hours)} did not see either" + (past.Seen.Count == 0 ? "."
                : HuntScene.Text($"; {past.Seen.Count} destinations that the time before lacks were seen there.")));
        }

        if (SentBefore is { Spans.Count: > 0 } usual && scene.Before is not null)
        {
            notes.Add(HuntScene.Text($"What {usual.Spans.Count} devices usually send is of ") + PastReader.Told(usual.FromMs, usual.Hours)
                + ", the highest of it left out.");
        }

        if (_book.Artefacts.Note(scene.Flows.Hosts, "their bytes are in no finding") is { } artefacts)
        {
            notes.Add(artefacts);
        }

        if (_book.Overflowed)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"There are more than {ChannelBook.MaxStarts} connections; beacons were looked for among so many of them."));
        }

        if (_book.DroppedLight > 0)
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
$"{_book.DroppedLight} light channels (source, destination, port) were let go while reading: more than " +
$"{ChannelBook.MaxChannels} of them, or than {scene.Flows.MaxHosts} endpoints. Failed ones still count for scans; a slow beacon or a " +
$"small upload among them may be missed."));
        }

        return notes;
    }

    /// <summary>How many findings people's own list lowered, and why.</summary>
    internal static IEnumerable<string> Lowered(IReadOnlyList<KnownGoodEntry> known) => known.Count == 0 ? [] :
    [
        HuntScene.Text($"{known.Count} findings are low because DTMCP_KNOWN_GOOD has them: ")
        + string.Join("; ", known.CountBy(entry => entry.Reason).Select(reason => HuntScene.Text($"{reason.Value} {reason.Key}"))) + ".",
    ];

    // The innocent explanation once a kind, of the kinds that ask for a look.
    private static IEnumerable<string> Innocent(List<Story> shown)
    {
        var kinds = shown.Where(story => story.Confidence > Confidence.Low).SelectMany(story => story.Signs)
            .Where(sign => sign.Confidence > Confidence.Low).Select(sign => sign.Kind).Distinct().Order().ToList();
        return kinds.Count == 0 ? [] : [$"Rule out first: {string.Join("; ", kinds.Select(kind => kind.Innocent()))}."];
    }

    private IEnumerable<string> Next(StoryTable table, List<Story> shown)
    {
        var above = shown.Where(story => story.Confidence > Confidence.Low).ToList();
        var stories = above.Count > 0 ? above : shown;
        return stories.Take(_settings.ListAll ? int.MaxValue : NextShown).Select(table.Next)
            .Concat(stories.Take(1).Select(table.Who)).OfType<string>().Distinct();
    }
}
