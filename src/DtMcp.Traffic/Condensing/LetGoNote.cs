using System.Globalization;
using DtMcp.Darktrace.Reading;

namespace DtMcp.Traffic.Condensing;

/// <summary>Says what rows by endpoint are worth once endpoints were let go.</summary>
internal static class LetGoNote
{
    public static string? Of(FlowSet flows) => flows.MissingAtMost is var (bytes, connections) && connections > 0
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"More than {flows.MaxHosts} endpoints: those that weighed least were let go while reading. Totals of connections and bytes " +
            $"are exact; a row by endpoint may miss at most {bytes} bytes and {connections} connections, and so may what is not listed; " +
            $"numbers of different endpoints are estimates (standard error 0.8 %).")
        : null;
}
