using System.Diagnostics.Metrics;

namespace DtMcp.Replicas.Wire;

/// <summary>What whoever observes the program hears of its replicas. Labels are of closed sets.</summary>
internal static class ReplicaInstruments
{
    /// <summary>The name of the metrics here.</summary>
    internal const string Name = "DtMcp.Replicas";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Captures = Meter.CreateCounter<long>(
        "dtmcp.replicas.captures", "{capture}",
        "Captures that replicas share: taken from another, missed and read here, given to others, or refused.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "dtmcp.replicas.failures", "{request}", "Requests to Redis that came to nothing.");

    private static readonly UpDownCounter<long> Away = Meter.CreateUpDownCounter<long>(
        "dtmcp.replicas.away", "{server}", "1 while Redis does not answer and the program does without.");

    internal static void Taken() => Add("taken");

    /// <summary>No other had it, so that it was read here.</summary>
    internal static void Missed() => Add("missed");

    internal static void Given() => Add("given");

    /// <summary>It had been changed, or was sealed with a key that is not among those here.</summary>
    internal static void Refused() => Add("refused");

    internal static void Failed() => Failures.Add(1);

    internal static void Left() => Away.Add(1);

    internal static void Returned() => Away.Add(-1);

    private static void Add(string outcome) => Captures.Add(1, new KeyValuePair<string, object?>("dtmcp.outcome", outcome));
}
