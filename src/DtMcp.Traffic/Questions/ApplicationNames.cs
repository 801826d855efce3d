namespace DtMcp.Traffic.Questions;

/// <summary>
/// Two vocabularies for application protocols, and the one map between them: the appliance's Visualizer (<c>/enums</c>, <c>/network</c>,
/// <c>/details</c>) says HTTPS, SSL, DNS, Unknown; records have Zeek's <c>service</c> (ssl, dns), and none where the Visualizer says
/// Unknown.
/// </summary>
internal static class ApplicationNames
{
    /// <summary>The port of HTTPS.</summary>
    public const int HttpsPort = 443;

    private const string Unknown = "unknown";

    // Where Zeek's name is not the Visualizer's in lower case.
    private static readonly Dictionary<string, string[]> Services = new(StringComparer.OrdinalIgnoreCase)
    {
        ["https"] = ["ssl"],
        ["tls"] = ["ssl"],
        ["kerberos"] = ["krb", "krb_tcp", "kerberos"],
        ["dcerpc"] = ["dce_rpc"],
        ["msrpc"] = ["dce_rpc"],
        ["vnc"] = ["rfb"],
        ["ftps"] = ["ssl,ftp"],
        ["ldap"] = ["ldap", "ldap_tcp", "ldap_udp"],
    };

    private static readonly HashSet<string> OfZeek = new(
        [
            "ayiya", "dce_rpc", "dhcp", "dnp3", "dns", "ftp", "ftp-data", "gssapi", "gtpv1", "http", "imap", "irc", "krb", "krb_tcp",
            "ldap", "ldap_tcp", "ldap_udp",
            "modbus", "mqtt", "mysql", "ntlm", "ntp", "pop3", "postgresql", "quic", "radius", "rdp", "rfb", "sip", "smb", "smtp", "snmp",
            "socks", "ssh", "ssl", "syslog",
            "teredo", "tftp", "vxlan", "websocket", "xmpp",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a name, or each of several with commas, is one of Zeek's, which a list of the Visualizer's may lack.</summary>
    public static bool IsOfZeek(string name) => name.Split(',').All(OfZeek.Contains);

    /// <summary>Whether the name asks for connections without a known application.</summary>
    public static bool IsUnknown(string wanted) => wanted.Equals(Unknown, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the name asks for HTTPS, which a record without a service may be by its port alone.</summary>
    public static bool IsHttps(string wanted) => wanted.Equals("https", StringComparison.OrdinalIgnoreCase);

    /// <summary>Zeek's names for a name of either vocabulary.</summary>
    public static IReadOnlyList<string> ServicesOf(string wanted) =>
        IsUnknown(wanted) ? [] : Services.TryGetValue(wanted, out var services) ? services : [wanted.ToLowerInvariant()];

    /// <summary>The Visualizer's name of Zeek's, among those that it lists; null when it lists none.</summary>
    public static string? InVisualizer(string service, IEnumerable<string> listed)
    {
        var names = listed.ToList();
        return names.Find(name =>
            Services.TryGetValue(name, out var services) && services.Contains(service, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Whether a row's name is the one that is wanted, in either vocabulary.</summary>
    public static bool IsSame(string wanted, string said) =>
        said.Equals(wanted, StringComparison.OrdinalIgnoreCase)
            || (Services.TryGetValue(wanted, out var services) && services.Contains(said, StringComparer.Ordinal));

    /// <summary>Whether two names stand for one application, whichever vocabulary each is of.</summary>
    public static bool AreAlike(string one, string other) =>
        IsSame(one, other) || ServicesOf(one).Intersect(ServicesOf(other), StringComparer.OrdinalIgnoreCase).Any();

    /// <summary>The name as answers tell it, whichever evidence they stand on: Zeek's where there is one alone, in lower case.</summary>
    public static string Told(string name) =>
        Services.TryGetValue(name, out var services) && services.Length == 1 ? services[0] : name.ToLowerInvariant();

    /// <summary>Whether the name is the Visualizer's and Zeek has another for it.</summary>
    public static bool IsOtherInZeek(string wanted) => Services.ContainsKey(wanted);
}
