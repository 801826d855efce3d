namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary>A metric of <c>/metrics</c>.</summary>
/// <param name="Number">Its <c>mlid</c>.</param>
/// <param name="Name">The system name that requests give.</param>
/// <param name="Label">The name that people read.</param>
/// <param name="Set">The set it belongs to; <c>C</c> is for visual analysis only, null for none.</param>
/// <param name="CountsBytes">Bytes; else connections.</param>
/// <param name="Internal">True for internal traffic only, false for external only, null for both.</param>
/// <param name="Multicast">Only what goes to multicast and broadcast addresses.</param>
internal sealed record Metric(int Number, string Name, string Label, string? Set, bool CountsBytes, bool? Internal = null, bool Multicast = false)
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        new(1, "externalconnections", "External Connections", null, CountsBytes: false, Internal: false),
        new(2, "internalconnections", "Internal Connections", null, CountsBytes: false, Internal: true),
        new(3, "connections", "Connections", null, CountsBytes: false),
        new(4, "internaldatatransfervolume", "Internal Data Transfer", "A", CountsBytes: true, Internal: true),
        new(5, "externaldatatransfervolume", "External Data Transfer", "A", CountsBytes: true, Internal: false),
        new(9, "activeconnections", "Active Connections", "C", CountsBytes: false),
        new(13, "multicasts", "Multicasts", "C", CountsBytes: false, Multicast: true),
        new(17, "datatransfervolume", "Data Transfer", null, CountsBytes: true),
    ];

    public IReadOnlyList<string> FilterTypes => Multicast
        ? ["Protocol", "Source port"]
        : ["Feature model", "Direction", "Protocol", "Application protocol", "Source port", "Destination port", "Internal source device type"];

    public static Metric? Find(string name) => All.FirstOrDefault(metric => metric.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
