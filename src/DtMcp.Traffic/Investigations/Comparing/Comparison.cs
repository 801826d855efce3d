using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Comparing;

/// <summary>How far back a comparison looks.</summary>
public enum LookBack
{
    /// <summary>The window before.</summary>
    Before,

    /// <summary>The same window a day earlier.</summary>
    Day,
    Week,
}

/// <summary>What changed against an earlier window.</summary>
/// <param name="Back">How far back it lies.</param>
/// <param name="Other">Another window, given by its ends.</param>
public sealed record Comparison(LookBack Back = LookBack.Before, TimeWindow? Other = null) : LookBackInvestigation
{
    private const long DayMs = 86_400_000;

    /// <summary>An endpoint's text, its entry and its usage, in both windows.</summary>
    private const long HostBytes = 400;

    public override string Name => "compare_traffic";

    internal override Needs Needs => new(WantsOutside: true);

    internal override IReadOnlyList<(string Name, string Value)> Arguments => Other is { } other
        ? [("against_from", Number(other.StartMs)), ("against_to", Number(other.EndMs))]
        : [("against", Back switch { LookBack.Day => "day", LookBack.Week => "week", _ => "before" })];

    internal override TimeWindow Earlier(TimeWindow window) => Other ?? Back switch
    {
        LookBack.Day => new TimeWindow(window.StartMs - DayMs, window.EndMs - DayMs),
        LookBack.Week => new TimeWindow(window.StartMs - (7 * DayMs), window.EndMs - (7 * DayMs)),
        _ => base.Earlier(window),
    };

    internal override ITwoWindowAnalysis Begin(AnalysisSettings settings, TimeWindow earlier) => new TrafficComparison(settings, earlier);

    internal override long WorkBytes(FlowSet flows) => flows.Hosts.Count * HostBytes;

    private static string Number(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
