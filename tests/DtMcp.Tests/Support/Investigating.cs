using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Investigations.Comparing;
using DtMcp.Traffic.Investigations.Hunting;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Investigations.Lookups;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Support;

/// <summary>The investigation of a tool by its name, for tests that go over several.</summary>
internal static class Investigating
{
    public static Investigation Of(string tool, string? kind = null) => tool switch
    {
        "hunt_traffic" => kind is null ? new Hunt() : new Hunt(HuntKinds.Of(kind)),
        "compare_traffic" => new Comparison(kind == "day" ? LookBack.Day : LookBack.Before),
        "list_filter_values" => new FilterValueSearch(kind is null ? FilterKind.Protocols : FilterKinds.Of(kind), null),
        "find_devices" => new DeviceSearch(kind),
        "check_appliance" => new ApplianceReview(),
        _ => OfWindow(tool),
    };

    /// <summary>A fresh analysis of a tool that asks about one window.</summary>
    public static IAnalysis Begin(string tool, AnalysisSettings settings) => OfWindow(tool).Begin(settings);

    private static WindowInvestigation OfWindow(string tool) => tool switch
    {
        "get_network_traffic" => new NetworkTraffic(),
        "summarize_network_traffic" => new TrafficSummary(),
        "summarize_external_traffic" => new ExternalTraffic(),
        "analyze_device_activity" => new DeviceActivity(),
        "analyze_protocols_and_ports" => new ProtocolsAndPorts(),
        "analyze_bandwidth" => new Bandwidth(),
        "analyze_subnet" => new SubnetTraffic(),
        _ => throw new ArgumentOutOfRangeException(nameof(tool), tool, "No tool of that name."),
    };
}
