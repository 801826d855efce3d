using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>The connections themselves, in the order asked, a page at a time.</summary>
public sealed record NetworkTraffic : WindowInvestigation
{
    public override string Name => "get_network_traffic";

    internal override Needs Needs => new(WantsOutside: true);

    internal override IAnalysis Begin(AnalysisSettings settings) => new RawTraffic(settings);

    internal override long WorkBytes(AnalysisSettings settings, FlowSet? flows) =>
        Math.Min(flows?.Count ?? 0, settings.Offset + settings.Limit) * RawTraffic.BytesOfRow;

    /// <summary>
    /// From the first row on: all between its two ends, or the course of it where they were asked about; who else talks to the one outside;
    /// how such connections went, and all of them in short.
    /// </summary>
    internal static IEnumerable<string> Next(HostTable hosts, int source, int destination, AnalysisSettings settings)
    {
        var isPair = (settings.FocusDid is not null || settings.FocusAddress.IsPresent)
            && settings.Conditions is { Peer: not null } or { PeerName: not null };
        if (!isPair && NextCalls.Between(settings, hosts, source, destination, "sort=bytes") is { } pair)
        {
            yield return pair;
        }

        var outside = new[] { destination, source }.Select(hosts.Address)
            .FirstOrDefault(address => address.IsPresent && !settings.Internal.Contains(address));
        if (outside.IsPresent)
        {
            yield return NextCalls.Of(settings, "describe_endpoint", $"ip={outside}");
        }

        if (isPair)
        {
            yield return NextCalls.Course(settings);
        }

        if (settings.Conditions.State is null)
        {
            yield return NextCalls.Of(settings, "aggregate_traffic", "by=state", "measure=connections");
        }

        yield return NextCalls.Of(settings, "summarize_network_traffic");
    }
}
