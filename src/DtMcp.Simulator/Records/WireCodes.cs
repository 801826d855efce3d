using System.Globalization;

namespace DtMcp.Simulator.Records;

/// <summary>
/// The codes that stand for protocols in <c>/enums</c> and that filters take beside names: IANA's numbers, and 1000 and the row for
/// application protocols.
/// </summary>
internal static class WireCodes
{
    private const int FirstApplicationProtocol = 1000;

    private static readonly (string Name, int Code)[] Protocols =
    [
        ("icmp", 1), ("igmp", 2), ("tcp", 6), ("udp", 17), ("gre", 47), ("esp", 50), ("icmp6", 58), ("ipv6-icmp", 58), ("ospf", 89),
        ("sctp", 132),
    ];

    /// <summary>IANA's number of a protocol that Zeek names; 255 (reserved) for one without.</summary>
    public static int Protocol(string name)
    {
        foreach (var (known, code) in Protocols)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return code;
            }
        }

        return 255;
    }

    /// <summary>The code of a row of <see cref="RecordSet.Services"/>; 1000 is Unknown.</summary>
    public static int ApplicationProtocol(int service) => FirstApplicationProtocol + service;

    /// <summary>Name as the Visualizer spells it: upper-case, HTTPS for Zeek's ssl, <c>Unknown</c> for none.</summary>
    public static string ApplicationProtocolName(string service) =>
        service switch { "" => "Unknown", "ssl" => "HTTPS", _ => service.ToUpperInvariant() };

    /// <summary>
    /// Whether a filter's value, a name in any case or a code, means this protocol. IANA's 58 takes ICMP too: Zeek has one name for both.
    /// </summary>
    public static bool IsProtocol(string value, string name) =>
        name.Equals(value, StringComparison.OrdinalIgnoreCase)
        || (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            && (code == Protocol(name) || (code == 58 && Protocol(name) == 1)));

    /// <summary>Whether a filter's value, a name in any case or a code, means this application protocol.</summary>
    public static bool IsApplicationProtocol(string value, string service, int row) =>
        (service.Length == 0 ? "unknown" : service).Equals(value, StringComparison.OrdinalIgnoreCase)
        || ApplicationProtocolName(service).Equals(value, StringComparison.OrdinalIgnoreCase)
        || (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code == ApplicationProtocol(row));
}
