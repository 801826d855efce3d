namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>Ports by what they are for (IANA's registry, and the vendors' own pages where it has none).</summary>
internal static class HuntPorts
{
    public const ushort Kerberos = 88;

    /// <summary>
    /// Services that beat by design: DNS, DHCP, NTP, NetBIOS, SNMP, syslog, SSDP, mDNS, LLMNR, DNS over TLS; IPsec and STUN, which keep a
    /// gate open.
    /// </summary>
    public static bool BeatsByDesign(int port) =>
        port is 53 or 67 or 68 or 123 or 137 or 138 or 161 or 162 or 500 or 514 or 546 or 547 or 853 or 1900 or 4500 or 5353 or 5355
            or (>= 3478 and <= 3481) or (>= 19302 and <= 19309);

    public static bool IsResolver(int port) => port is 53 or 853;

    /// <summary>
    /// Inside, these are called by timers: what beats by design, directories, file sharing, databases, printers, UPnP, monitoring and
    /// updates.
    /// </summary>
    public static bool IsInfrastructure(int port) =>
        BeatsByDesign(port) || IsFileSharing(port) || IsPlugAndPlay(port) || IsDirectory(port) || IsDatabase(port)
        || port is 515 or 631 or 3702 or 8530 or 8531 or 9100 or 9101 or 9102 or 10050 or 10051;

    public static bool IsDirectory(int port) => port is 88 or 135 or 389 or 464 or 636 or 3268 or 3269;

    /// <summary>SQL Server, Oracle, MySQL, PostgreSQL, AMQP, Redis, Cassandra, memcached, MongoDB.</summary>
    public static bool IsDatabase(int port) => port is 1433 or 1521 or 3306 or 5432 or 5672 or 6379 or 9042 or 11211 or 27017;

    public static bool IsFileSharing(int port) => port is 139 or 445 or 2049;

    /// <summary>Windows calls these of its own accord, answered or not.</summary>
    public static bool IsPlugAndPlay(int port) => port is 1900 or 2869 or 5000 or 5357 or 5358;

    /// <summary>SSH, Telnet, RPC, NetBIOS, SMB, SQL Server, MySQL, RDP, PostgreSQL, VNC, WinRM.</summary>
    public static bool IsAdmin(int port) =>
        port is 22 or 23 or 135 or 139 or 445 or 1433 or 3306 or 3389 or 5432 or 5900 or 5985 or 5986;

    /// <summary>
    /// Ports with hardly any good reason to cross the edge: answered at all, they are high going out and medium coming in.
    /// </summary>
    public static bool NeverLeaves(int port) => port is 23 or 135 or 139 or 445 or 3389 or 5985 or 5986;

    /// <summary>
    /// SSH goes to hosted servers, code forges and partners every day: Elastic withdrew its rule "SSH to the Internet" in 2021. What is
    /// sent through it, for how long and how often is told by other signs.
    /// </summary>
    public static bool IsCommonOutside(int port) => port is 22;

    /// <summary>Where a password is asked for: FTP, SSH, Telnet, mail, SMB, databases, RDP, VNC, WinRM.</summary>
    public static bool AsksPassword(int port) =>
        port is 21 or 22 or 23 or 25 or 110 or 143 or 465 or 587 or 993 or 995 || IsAdmin(port) || port is 2222 or 6379 or 27017;

    /// <summary>Programs log in here over and over: databases, mail.</summary>
    public static bool ProgramsLogIn(int port) =>
        port is 25 or 110 or 143 or 465 or 587 or 993 or 995 or 1433 or 3306 or 5432 or 6379 or 27017;

    /// <summary>What goes to hosts that nobody chose: the web, and mail from server to server.</summary>
    public static bool GoesAnywhere(int port) => IsWeb(port) || IsMail(port);

    /// <summary>Sending mail: from server to server, and from a program to its server.</summary>
    public static bool IsMail(int port) => port is 25 or 465 or 587;

    public static bool IsWeb(int port) => port is 80 or 443 or 8080 or 8443;

    /// <summary>WinRM: commands over HTTP.</summary>
    public static bool IsWinRm(int port) => port is 5985 or 5986;

    /// <summary>A screen or a shell: SSH, Telnet, RDP, VNC.</summary>
    public static bool IsScreenOrShell(int port) => port is 22 or 23 or 3389 or 5900;

    /// <summary>
    /// Push services keep one connection open for hours: HTTPS, XMPP, Apple's and Google's push, IMAP's idle, MQTT over TLS, Spotify.
    /// </summary>
    public static bool IsPush(int port) => port is 443 or 993 or 4070 or 5222 or 5223 or (>= 5228 and <= 5230) or 8883;
}
