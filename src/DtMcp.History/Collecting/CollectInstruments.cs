using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace DtMcp.History.Collecting;

/// <summary>
/// What whoever observes the program hears of collecting. An appliance is told by its place in the settings: its name may be a host's.
/// </summary>
internal static class CollectInstruments
{
    /// <summary>The name of the metrics here.</summary>
    internal const string Name = "DtMcp.History";

    private static readonly Meter Meter = new(Name);

    private static readonly ConcurrentDictionary<int, (long EndMs, TimeProvider Time)> Last = [];

    private static readonly Counter<long> Hours = Meter.CreateCounter<long>(
        "dtmcp.history.hours", "{hour}", "Hours that were due, by what came of them.");

    private static readonly Counter<long> Rows = Meter.CreateCounter<long>(
        "dtmcp.history.collected", "{connection}", "Connections that were put into the history.");

    private static readonly Counter<long> Names = Meter.CreateCounter<long>(
        "dtmcp.history.names", "{entry}", "Entries of names that were put into the history.");

    private static readonly Counter<long> Sent = Meter.CreateCounter<long>(
        "dtmcp.history.sent", "By", "Bytes of the rows that were put into the history, before they are compressed.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "dtmcp.history.failures", "{failure}", "Rounds that were broken off, by who did not answer.");

    static CollectInstruments() => Meter.CreateObservableGauge(
        "dtmcp.history.lag", static () => Last.Select(static one => new Measurement<double>(
            Math.Max(0, (one.Value.Time.GetUtcNow().ToUnixTimeMilliseconds() - one.Value.EndMs) / 1000.0), Of(one.Key))),
        "s", "How long ago the last hour that is held ended.");

    internal static void Collected(int appliance, string outcome, long rows, long names, long bytes)
    {
        Hours.Add(1, Of(appliance), new("dtmcp.outcome", outcome));
        if (bytes > 0)
        {
            Rows.Add(rows, Of(appliance));
            Names.Add(names, Of(appliance));
            Sent.Add(bytes, Of(appliance));
        }
    }

    internal static void Holds(int appliance, long endMs, TimeProvider time) => Last[appliance] = (endMs, time);

    internal static void Failed(int appliance, string who) => Failures.Add(1, Of(appliance), new("dtmcp.from", who));

    private static KeyValuePair<string, object?> Of(int appliance) => new("dtmcp.appliance.number", appliance);
}
