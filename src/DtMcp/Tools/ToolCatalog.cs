namespace DtMcp.Tools;

/// <summary>All tools, in the order a client lists them.</summary>
internal static class ToolCatalog
{
    public static IReadOnlyList<ToolDefinition> All { get; } =
    [
        new GetNetworkTraffic(),
        new SummarizeNetworkTraffic(),
        new SummarizeExternalTraffic(),
        new AnalyzeDeviceActivity(),
        new AnalyzeProtocolsAndPorts(),
        new AnalyzeBandwidth(),
        new AnalyzeSubnet(),
        new AggregateTraffic(),
        new DescribeEndpoint(),
        new LookupNames(),
        new FindDevices(),
        new ListFilterValues(),
        new CompareTraffic(),
        new HuntTraffic(),
        new ListAlerts(),
        new CheckAppliance(),
    ];

    public static ToolDefinition? Find(string name)
    {
        foreach (var tool in All)
        {
            if (tool.Name == name)
            {
                return tool;
            }
        }

        return null;
    }

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(tool => tool.Name)];
}
