using DtMcp.Darktrace;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Evidence.Sharing;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence;

/// <summary>
/// Learns in which shape an appliance answers. In the guide's an answer about a day can hold a hundred megabytes that nobody wants where
/// there are records; one about its last minute tells the shape as well.
/// </summary>
internal sealed class DialectProbe(DarktraceClient client, InvestigatorOptions options, ApplianceMemory memory)
{
    private const long ProbedMs = 60_000;

    private readonly UnderWay<string, NetworkDialect> _probing = new();

    /// <summary>Asks once, for all who want to know; nothing where it is known.</summary>
    public Task LearnAsync(TimeWindow window, CancellationToken cancellationToken) =>
        memory.NetworkDialect != NetworkDialect.Unknown
            ? Task.CompletedTask
            : _probing.ShareAsync("/network", null, (_, token) => ProbeAsync(window, token), null, cancellationToken);

    private async Task<NetworkDialect> ProbeAsync(TimeWindow window, CancellationToken cancellationToken)
    {
        var answer = await client.GetNetworkAsync(
            new NetworkQuery { Window = new TimeWindow(Math.Max(window.StartMs, window.EndMs - ProbedMs), window.EndMs) },
            new FlowSet(options.MaxFlows, maxHosts: options.MaxHosts), null, cancellationToken).ConfigureAwait(false);
        memory.NetworkDialect = answer.Kind switch
        {
            NetworkAnswerKind.Flows => NetworkDialect.Rows,
            NetworkAnswerKind.Connectivity => NetworkDialect.Tables,
            _ => memory.NetworkDialect,
        };
        return memory.NetworkDialect;
    }
}
