namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>
/// A metric that /network takes: what it measures, volume or connections, and over which of them. Names are those of the guide; ids differ
/// between its tables.
/// </summary>
/// <param name="Mlid">Its number.</param>
/// <param name="Name">The system name that a filter takes.</param>
/// <param name="Label">The name as people read it.</param>
/// <param name="IsVolume">Bytes rather than a number of connections.</param>
/// <param name="Internal">True for internal traffic only, false for external only, null for both.</param>
internal sealed record NetworkMetric(int Mlid, string Name, string Label, bool IsVolume, bool? Internal)
{
    public static NetworkMetric Default { get; } = new(17, "datatransfervolume", "Data Transfer", IsVolume: true, Internal: null);

    public static IReadOnlyList<NetworkMetric> All { get; } =
    [
        Default,
        new(1, "externaldatatransfervolume", "External Data Transfer", IsVolume: true, Internal: false),
        new(4, "internaldatatransfervolume", "Internal Data Transfer", IsVolume: true, Internal: true),
        new(2, "connections", "Connections", IsVolume: false, Internal: null),
        new(3, "externalconnections", "External Connections", IsVolume: false, Internal: false),
        new(5, "internalconnections", "Internal Connections", IsVolume: false, Internal: true),
        new(6, "activeconnections", "Active Connections", IsVolume: false, Internal: null),
        new(13, "multicasts", "Multicasts", IsVolume: false, Internal: null),
    ];

    /// <summary>Counts connections to group addresses only.</summary>
    public bool IsMulticast => Name == "multicasts";

    public string Units => IsVolume ? "bytes" : "";

    public static NetworkMetric? Find(string name) =>
        All.FirstOrDefault(metric => metric.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
