using System.Globalization;
using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Answers;

/// <summary>Says what rows by endpoint are worth once endpoints were evicted.</summary>
internal static class EvictionNote
{
    public static string? Of(FlowSet flows) => flows.ErrorBound is var (bytes, connections) && connections > 0
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"More than {flows.MaxHosts} endpoints: those that weighed least were let go while reading. Totals of connections and bytes " +
            $"are exact; a row by endpoint may miss at most {bytes} bytes and {connections} connections, and so may what is not listed; " +
            $"numbers of different endpoints are estimates (standard error 0.8 %).")
        : null;
}
