using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DtMcp.Traffic.Observing;

/// <summary>
/// What whoever observes the program hears of evidence and answers. Labels are names of evidence and tools, all of closed sets. Without a
/// listener nothing is made.
/// </summary>
internal static class TrafficInstruments
{
    /// <summary>The name of the spans and metrics here.</summary>
    internal const string Name = "DtMcp.Traffic";

    internal const string EvidenceLabel = "dtmcp.evidence";

    internal const string SourceLabel = "dtmcp.evidence.source";

    internal const string ToolLabel = "gen_ai.tool.name";

    private static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Connections = Meter.CreateCounter<long>(
        "dtmcp.evidence.read", "{connection}", "Connections read of the appliance.");

    private static readonly Counter<long> Used = Meter.CreateCounter<long>(
        "dtmcp.evidence.used", "{answer}", "Answers by what they stand on, and whether that was read for them or kept in memory.");

    private static readonly Counter<long> Answers = Meter.CreateCounter<long>("dtmcp.answers", "{answer}", "Answers by tool.");

    private static readonly Counter<long> Cut = Meter.CreateCounter<long>(
        "dtmcp.answers.cut", "{answer}", "Answers by tool that were cut to fit their budget.");

    /// <summary>The span within which evidence is gathered.</summary>
    internal static Activity? Gathering() => Source.StartActivity("gather evidence");

    internal static void Gathered(Activity? span, string evidence, bool isKept, long? connections)
    {
        var source = isKept ? "memory" : "appliance";
        Used.Add(1, new(EvidenceLabel, evidence), new(SourceLabel, source));
        span?.SetTag(EvidenceLabel, evidence).SetTag(SourceLabel, source).SetTag("dtmcp.evidence.connections", connections);
    }

    internal static void Read(long connections)
    {
        if (connections > 0)
        {
            Connections.Add(connections);
        }
    }

    internal static void Answered(string tool, bool isCut)
    {
        var label = new KeyValuePair<string, object?>(ToolLabel, tool);
        Answers.Add(1, label);
        if (isCut)
        {
            Cut.Add(1, label);
        }
    }
}
