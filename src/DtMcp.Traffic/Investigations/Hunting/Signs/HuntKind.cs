namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>What is hunted for, in the order in which stories of one confidence and weight are shown.</summary>
public enum HuntKind
{
    All,
    Beacon,
    Upload,
    Lateral,
    Guessing,
    Scan,
    MassMail,
    AdminPorts,
    NewDestinations,
    LongConnections,
    DnsTunnel,
    GeneratedNames,
}

/// <summary>The words for what is hunted for, in questions and answers alike.</summary>
public static class HuntKinds
{
    /// <summary>A word for each, in their order.</summary>
    public static IReadOnlyList<string> Words { get; } =
    [
        "all", "beacon", "upload", "lateral", "guessing", "scan", "mass_mail", "admin_ports", "new_destinations", "long_connections",
        "dns_tunnel", "generated_names",
    ];

    /// <summary>The kind of one of <see cref="Words"/>.</summary>
    public static HuntKind Of(string word) => (HuntKind)Words.Index().First(known => known.Item == word).Index;

    public static string Word(this HuntKind kind) => Words[(int)kind];

    /// <summary>MITRE ATT&amp;CK techniques that look like it (attack.mitre.org), and what to rule out first.</summary>
    internal static string Innocent(this HuntKind kind) => kind switch
    {
        HuntKind.Beacon => "beacon (T1071, T1571): an updater, a monitoring agent, a page that refreshes itself, a service that is gone",
        HuntKind.Upload => "upload (T1048, T1567): a backup, a cloud drive, a mail attachment, a video call",
        HuntKind.Lateral => "lateral (T1021, T1570): an administrator, a management or deployment server",
        HuntKind.Guessing => "guessing (T1110): a stale password in a script, a monitoring check",
        HuntKind.Scan => "scan (T1046): a vulnerability scanner, an inventory system, a network that was down",
        HuntKind.MassMail => "mass_mail (T1071.003): a mail server that takes no mail here, a newsletter or monitoring program",
        HuntKind.AdminPorts => "admin_ports (T1133, T1021): a hosted server that this user administers, a partner's network",
        HuntKind.NewDestinations => "new_destinations (T1568): a site opened for the first time, a service that moved",
        HuntKind.DnsTunnel => "dns_tunnel (T1071.004, T1048): a service that puts codes into names: a block list, an antivirus, a CDN",
        HuntKind.GeneratedNames => "generated_names (T1568.002): a mail server that checks senders, a scanner, an old list of servers",
        _ => "long_connections (T1572): a VPN, a remote session, a chat or push service",
    };
}
