namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>
/// Every threshold of the hunt, in one place. Where a number is someone's rule of thumb its source stands beside it; the others were set so
/// that a quiet recorded office (four PCs, one day) gives next to nothing above low and recorded intrusions give what is known to be in
/// them.
/// </summary>
internal static class HuntRules
{
    // Beacons. RITA (activecm/rita, pkg/beacon) scores the gaps between starts by their median absolute deviation and Bowley skew, and the
    // sizes sent likewise; so do these rules, with each measure as a condition rather than in one score.

    /// <summary>Starts closer than this are one beat: a page or a client opens several connections at once.</summary>
    public const long SameBeatMs = 1_000;

    /// <summary>Fewest beats for a low, a medium and a high finding. RITA's default asks for more than 20 connections.</summary>
    public const int BeatsLow = 10;
    public const int BeatsMedium = 20;
    public const int BeatsHigh = 60;

    /// <summary>
    /// Largest jitter: the median absolute deviation of the gaps over their median. Common implants jitter by up to 20 to 30 % of the
    /// period.
    /// </summary>
    public const double JitterLow = 0.30;
    public const double JitterMedium = 0.20;
    public const double JitterHigh = 0.12;

    /// <summary>Share of the gaps that must be within a third of the period, or of 2 to 4 periods (missed beats).</summary>
    public const double RegularLow = 0.60;
    public const double RegularMedium = 0.80;
    public const int MaxMissed = 4;
    public const double NearPeriod = 1.0 / 3;

    /// <summary>Largest Bowley skew of the gaps, either way: a beacon is late as often as it is early (RITA).</summary>
    public const double SkewMedium = 0.40;

    /// <summary>
    /// Largest deviation of the bytes of a connection, both directions, over their median for a high finding (RITA's data-size dispersion).
    /// </summary>
    public const double SizeSpreadHigh = 0.25;

    /// <summary>
    /// A pair polled too fast for a period to show (interactive C2): as many connections of nearly one size, most 10-second spans of at
    /// least a minute filled. RITA calls the extreme of this a strobe.
    /// </summary>
    public const int PolledConnections = 100;
    public const long PolledSpanMs = 60_000;
    public const long PolledSlotMs = 10_000;
    public const double PolledFilled = 0.80;
    public const double PolledSizeSpread = 0.05;

    /// <summary>
    /// Services that beat by design: DNS, DHCP, NTP, NetBIOS, SNMP, syslog, SSDP, mDNS, LLMNR, DNS over TLS. They stay low.
    /// </summary>
    public static bool BeatsByDesign(int port) =>
        port is 53 or 67 or 68 or 123 or 137 or 138 or 161 or 162 or 514 or 546 or 547 or 853 or 1900 or 5353 or 5355;

    // Popularity. What many devices talk to is seldom one intruder's host (RITA's prevalence).

    /// <summary>
    /// More devices than this on one destination lower a confidence by one step; more than <see cref="VeryPopular"/>, or half of all, make
    /// it low.
    /// </summary>
    public const int Popular = 3;
    public const int VeryPopular = 10;
    public const double MaxDevices = 0.5;
    public const int FewestForShare = 4;

    // Uploads.

    /// <summary>A connection is an upload when it sends this much and this many times what it receives.</summary>
    public const long UploadConnectionBytes = 100_000;
    public const int UploadRatio = 3;

    /// <summary>
    /// Bytes of all uploads to one destination. A gigabyte a day is the usual alarm of a monitoring team; a megabyte holds a password
    /// store.
    /// </summary>
    public const long UploadLow = 1_000_000;
    public const long UploadMedium = 2_000_000;
    public const long UploadHigh = 100_000_000;

    /// <summary>How many times its usual a device must send for medium and high, where its usual is known.</summary>
    public const int UploadTimesUsual = 5;

    // Scans. Zeek's policy/misc/scan: 25 hosts on a port, 15 ports on a host, counting failed attempts.

    public const int ScanHosts = 25;
    public const int ScanPorts = 15;
    public const int ScanHostsHigh = 50;
    public const int ScanPortsHigh = 50;

    /// <summary>Share of the hosts or ports tried that must have failed.</summary>
    public const double ScanFailed = 0.5;

    // Administration to the outside.

    /// <summary>SSH, Telnet, RPC, NetBIOS, SMB, SQL Server, MySQL, RDP, PostgreSQL, VNC, WinRM.</summary>
    public static bool IsAdminPort(int port) =>
        port is 22 or 23 or 135 or 139 or 445 or 1433 or 3306 or 3389 or 5432 or 5900 or 5985 or 5986;

    /// <summary>Ports with hardly any good reason to leave a network: answered at all, they are high.</summary>
    public static bool NeverLeaves(int port) => port is 23 or 135 or 139 or 445 or 3389 or 5985 or 5986;

    // New destinations.

    /// <summary>Connections, or bytes sent, that make a new destination medium; so does a source that is new itself.</summary>
    public const int NewConnections = 20;
    public const long NewBytesOut = 1_000_000;

    // Long connections. RITA lists from one hour and colours at 4 and 12.

    public const int LongMs = 3_600_000;
    public const int LongMediumMs = 4 * 3_600_000;
    public const int LongHighMs = 12 * 3_600_000;

    /// <summary>
    /// In a short window a connection is long when it lasts ten minutes and a quarter of it; medium when half an hour and half of it.
    /// </summary>
    public const int LongInShortMs = 600_000;
    public const double LongShare = 0.25;
    public const int LongInShortMediumMs = 1_800_000;
    public const double LongShareMedium = 0.5;
}
