using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>Which analysis a tool's question is.</summary>
internal static class Analyses
{
    public static IAnalysis Create(string tool, AnalysisSettings settings) => tool switch
    {
        "get_network_traffic" => new RawTraffic(settings),
        "summarize_network_traffic" => new TrafficSummary(settings),
        "summarize_external_traffic" => new ExternalTraffic(settings),
        "analyze_device_activity" => new DeviceActivity(settings),
        "analyze_protocols_and_ports" => new ProtocolsAndPorts(settings),
        "analyze_bandwidth" => new Bandwidth(settings),
        "analyze_subnet" => new SubnetTraffic(settings),
        _ => throw new ArgumentOutOfRangeException(nameof(tool), tool, "No analysis of that name."),
    };
}
