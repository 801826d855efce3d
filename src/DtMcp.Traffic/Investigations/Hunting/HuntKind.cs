namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>What is hunted for, in the order in which findings of one confidence are shown.</summary>
public enum HuntKind
{
    All,
    Beacon,
    Upload,
    Scan,
    AdminPorts,
    NewDestinations,
    LongConnections,
}

/// <summary>The words for what is hunted for, in questions and answers alike.</summary>
public static class HuntKinds
{
    /// <summary>A word for each, in their order.</summary>
    public static IReadOnlyList<string> Words { get; } =
        ["all", "beacon", "upload", "scan", "admin_ports", "new_destinations", "long_connections"];

    /// <summary>The kind of one of <see cref="Words"/>.</summary>
    public static HuntKind Of(string word) => (HuntKind)Words.Index().First(known => known.Item == word).Index;

    public static string Word(this HuntKind kind) => Words[(int)kind];
}
