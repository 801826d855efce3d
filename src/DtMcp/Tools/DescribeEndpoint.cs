using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations.Lookups;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class DescribeEndpoint : ToolDefinition
{
    public override string Name => "describe_endpoint";

    public override string Title => "Far end";

    public override string Description =>
        "One host outside (ip or peer): who talks to it, since when, its names, country, network, rarity, breaches.";

    public override IReadOnlyList<Parameter> Parameters { get; } = [Ip, Peer, .. Window, .. Output];

    protected override Investigation Investigate(ToolArguments arguments)
    {
        arguments.NeedOneOf(Ip, Peer);
        arguments.NotBoth(Ip, Peer);
        return new EndpointDescription();
    }
}
