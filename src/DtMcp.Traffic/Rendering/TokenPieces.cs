using System.Collections.Frozen;

namespace DtMcp.Traffic.Rendering;

/// <summary>
/// What words of our own and runs of marks cost in the o200k vocabulary, for <see cref="TokenEstimate"/>. A test compares every entry with
/// the tokenizer itself, and prints the right ones when it fails.
/// </summary>
internal static class TokenPieces
{
    // Words of answers and labels of host names, by what they cost: alone, after a space, _, a dot, a hyphen, another mark.
    private const string Words = """
        111111 get min null required string
        111112 As Date End IP In Is Key Length Line Max Min New No Out Port Time To Type Web about add address admin after agent all an
        111112 analysis and answer any api app as at auto average back be before book by byte cache call called camera can cap cell
        111112 change channel chat check city client clock cloud code column columns com contact container control controller count
        111112 country cut data date day days db de default demo description detail details device direction do domain double down
        111112 drive drop edge element empty end entry error event events example fe field files filter find first fit focus for form
        111112 format from full go google group have health high home host hour hours http id if img in index inner instance int inter
        111112 ip is it json key kind label large last left length level light like limit link list live local login long low mail
        111112 management match media medium model month more ms name net network new next no none normal not now number object of
        111112 offset ok on one only open options or order org os other out over package page part password peer per percent phone
        111112 place pop port progress properties put query question radius range rate read real record refresh render report result
        111112 right room round row sales scale score script search second selection series server service services session settings
        111112 share side single site size small so sort source span standard star start state static status story summary sync system
        111112 table tag tags target test text the this time times to token tool top total turn two type up update upload us used user
        111112 users value values version video view volume web week window with word work www you zero zone
        111122 AG API Address Array Back By Call Cell Channel Check Copy Count DAY Data Device Equals Exception Ext FALSE Filter Find
        111122 First From Get Group HTTP Id Info Int Integer Internal Label Last Left List Log MAX MIN Map NAME NO Name Not Page Query
        111122 Read Row Run SEC SH Search Select Selected Server Set Size Source Start String TRUE Table Text Total Value Window Work
        111122 Write accept activity addr allowed answers application are argument arguments begin boolean bytes cached calls cam
        111122 cancel capacity cells changed channels checked chunk codes compare compute conditions connection connections contacts
        111122 csv cursor database dc destination devices digest each endpoint entries enum every executor expect external failed false
        111122 fc ff filtered filters groups handle has hash hostname ids instances integer interfaces internal interval into inventory
        111122 io leave lookup lt matches mean measure metric metrics mysql named names need notes ns objects once packet parameter
        111122 partner parts pause payload pc permission points previous protocol proxy push questions records remote rows rpc same
        111122 scan scene scope seconds sensor sent sequence sessions shared sid some sorted sources sql ssl steps sum tables take
        111122 targets then timer today tokens true units until vendor views wait when where words ws
        111212 AS between budget found holder known many needed than that way
        111222 CA MAC MB RPC SECOND SS SSL TCP TLS addresses again agents attachment backup checks counts difference digits dns else
        111222 epoch exact far given guess here hold hosts https idle inside ips ipv letters lists matching missing numbers pair pairs
        111222 places plain ports probe ranges reads received regular seen since sizes srv taken tcp tls udp unknown updates uploaded
        111222 usr without yes
        112112 An Day It Light Mark One Part Regular Series Term The Version but facebook look minute office twitter
        112122 Abs After Any Append Application At Before Blue Book Bytes Camera Cloud Column Columns Compare Connection Country Course
        112122 Design Detail Dimension Domain Done Endpoint External Fast Flow Focus Full Google Green Groups High Host Hour How
        112122 Instant Join Keys Kind Look Low Math Maximum Minimum More Network Next Note Now Of Offset Other Pages Pair Pattern Phone
        112122 Place Properties Protocol Question Red Replace Round Rows Rule Safe Scene Second Services Session Share Shared Single
        112122 Some Sort Space Starts Sum Tables Take Then There These They This Token Tree UTC Upload Values Wait What Where Win
        112122 Windows Word YES Zero Zone additional aggregate apple ask azure characters describe desktop did edu ends finance gov hh
        112122 must mx ones portal say smtp starts tell them timeline uk was what which
        112212 China DD East Europe France May West alone confidence critical door ended grown guide how installed largest let listed
        112212 made most mounted night own reading see too
        112222 About Added Addresses Advanced Africa Allowed Amazon Answer Ask Between Both Brazil Budget Cached Candidates Channels
        112222 Compared Comparison Confidence Connections Connectivity Corp Counting Culture Cut DNS Days Describe Desktop Destination
        112222 Details Devices Did Digest Dt Either Ends Entries Every Example Failed Far Filled GB GMT Gate Germany Give HR HTTPS Have
        112222 Hint Hong Hours Hyper ISO Identify Inc India Inside Instances Internet Ip Ireland Israel Italy Its Japan KB Keep Laptop
        112222 Largest Least Leave Limited Linux Listed London Ltd Median Medium Metric Mi Microsoft Missing Most Mozilla Ms Names Near
        112222 North Nothing Numbers Online Only Orange Others Outside Over Overview Own Parts Peer Period Plain Points Ports Portugal
        112222 Prefer Printer Pv Queries Quote RM Raise Reading Reason Records Repeat Republic Resolver Rules Russia SSH Seconds Seen
        112222 Sensors Sessions Signs Slot Sources South Spain Span Spread States Swap Synthetic Terms Those Timeline Times United Unix
        112222 VPN Very Which Whole Why Within Without Words YYYY administrator ago among another answered anything apart ascending
        112222 asked asking asks beats because been below both brief came cannot carry come comes comma confirmed could deployment
        112222 descending different does facts few finding flows ftp gave give gone had holders holds hunt instead isp its late ldap
        112222 least markdown may means milliseconds miss movement mqtt much needs nor nothing odd opened others otherwise outside
        112222 overview partners passed past printer ran rare reachable resolver rough said scanner severity shown shows silent sip
        112222 slow something spread ssh stand stands still stories such takes their there these they thing things those traffic tries
        112222 typename tz uploads uses usual usually vpn wanted ways weekday well went were whatever while who whole why within zones
        112232 everything
        112322 Asked
        112332 against
        113122 Errors Hosting Measure Relative
        113222 Canada Guess Hosts
        113232 Aggregate Networks Popular
        113322 Berlin Ukraine
        113332 Australia Figures Finance Singapore Traffic Turkey Ubuntu
        121122 SECONDS
        122122 Concat Invariant Utc
        122222 Dropped Endpoints Fingerprint Https Insertion Kinds Longest Milliseconds Pairs Protocols Ranges Shown Subnet Touches
        122222 Updater arpa asn cdn fff icmp imap irc paged
        122322 Answered Ascending
        123222 Flows Hostname Nearest
        123232 Capabilities Peers
        123332 Bandwidth Distinct Totals
        132222 icloud
        211223 WEEK candidates packets
        212123 enums microsoft synthetic websocket
        212213 described established ranked
        212223 Comcast Deutsche HOURS Hunt Iceland Kong Korea SHR SMB Sas Tried Verizon Wants across alike analyze anew appliance
        212223 autonomous bandwidth beacon began beyond breach cancellation compared connectivity counted counting deeper differ
        212223 directions downloaded endpoints estimates evidence findings gaps gives grouped grouping guessed hosted hunting inbound
        212223 inference intra itself jitter keeps kept kinds knows laptop lateral leaves longer longest meant missed monday monitoring
        212223 moved narrow neither newest nobody outbound outlook passwords peers periods popularity probes pushed rarity reached
        212223 reasons refused remembers rhythm saw says scans searches sends serves several shorter sides signs smallest smb socks
        212223 stale subnet sums sweep tells together told took tried tunnel tunnels unanswered unrestricted updater vulnerability
        212223 weekend weigh weighed workstation yesterday
        212233 LLC Poland Remedy destinations figures guessing intervals multicast protocols somewhere twice
        212333 totals
        213223 Alone Beats looked
        213233 Appliance Telecom Telekom telemetry
        213323 Netherlands earlier hardly investigation talked talks
        213333 Austria Communications Computers Denmark Finland Kingdom Norway Panama Romania Sweden Switzerland Vodafone became beside
        213333 breaches broader continues kerberos overnight summaries whoever
        214443 Belgium
        222123 HOUR googleapis gstatic
        222133 MINUTE
        222223 IANA Jitter Keyless Lateral Mcp Mdd Missed Pushed RDP Reversed Shards Sums Unlisted Unrestricted VNC administers beacons
        222223 cloudfront dce dga dhcp dnp endtime ftps googleusercontent intext leavers modbus ncursor originator originators pbid
        222223 polled postgresql quic rarest rdp refreshes remap rfb shv snmp sourceport sso starttime subnets tftp vnc zoneinfo
        222233 Bypass Commonest DESKTOP ICMP MINUTES REJ Subnets Workstation applicationprotocol destinationport devicesearch
        222233 endpointdetails externaldevice externaldevices fbcdn macOS macaddress metricdata microseconds nanoseconds ntlm ntp ocsp
        222233 syslog windowsupdate
        222333 HOSTS OVH
        223133 amazonaws
        223223 Alike lookups
        223233 Cloudflare Darktrace Deepest Fastly Guesses Lookups Refusal Refused azureedge krb
        223323 ayiya msrpc talkers teredo
        223333 CIDR DigitalOcean Integers Kept Overflowed Polled Skew Suspicious Telnet Usual Zeek advancedsearch akamai artefact
        223333 fewest responsedata tzdata vxlan xmpp
        224443 Sketches
        313334 administered busiest happened narrowed summarize suspicious
        313444 acknowledged
        323334 Akamai FLOWS GmbH Happened Innocent anonymises reverses unusualness
        333334 DTMCP EVIDENCE Hetzner WEEKS ZULU dcerpc gssapi modelbreaches nxdomain viewsubnet
        333344 applicationprotocols typelabel
        334444 deduplicated digicert percentscore vdihost
        344444 akamaiedge
        444445 devicelabel msftncsi
        455555 akamaitechnologies
        556566 fulldevicedetails
        666677 datatransfervolume
        777788 externaldatatransfervolume
        787788 internaldatatransfervolume
        """;

    /// <summary>Costs of a word.</summary>
    /// <param name="Alone">Where nothing of its own piece stands before it.</param>
    /// <param name="AfterSpace">With the space before it.</param>
    /// <param name="AfterUnderscore">With an underscore before it.</param>
    /// <param name="AfterDot">With a dot before it.</param>
    /// <param name="AfterHyphen">With a hyphen before it.</param>
    /// <param name="AfterMark">With another mark before it.</param>
    public readonly record struct WordCost(int Alone, int AfterSpace, int AfterUnderscore, int AfterDot, int AfterHyphen, int AfterMark)
    {
        /// <summary>The cost with a mark before it; none is <c>\0</c>.</summary>
        public int After(char mark) => mark switch
        {
            '\0' => Alone,
            ' ' => AfterSpace,
            '_' => AfterUnderscore,
            '.' => AfterDot,
            '-' => AfterHyphen,
            _ => AfterMark,
        };
    }

    private static readonly FrozenDictionary<string, WordCost> WordCosts = Words
        .Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Trim().Split(' '))
        .SelectMany(line => line[1..].Select(word => KeyValuePair.Create(
            word, new WordCost(
                line[0][0] - '0', line[0][1] - '0', line[0][2] - '0', line[0][3] - '0', line[0][4] - '0', line[0][5] - '0'))))
        .ToFrozenDictionary();

    private static readonly FrozenDictionary<string, WordCost>.AlternateLookup<ReadOnlySpan<char>> WordLookup =
        WordCosts.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> RunLookup =
        TokenRuns.Costs.GetAlternateLookup<ReadOnlySpan<char>>();

    public static IReadOnlyDictionary<string, WordCost> All => WordCosts;

    public static bool TryWord(ReadOnlySpan<char> letters, out WordCost cost) => WordLookup.TryGetValue(letters, out cost);

    /// <summary>The cost of a run of marks; one of its own each where the run is not known.</summary>
    public static int Run(ReadOnlySpan<char> marks) =>
        marks.Length == 1 ? 1 : RunLookup.TryGetValue(marks, out var cost) ? cost : marks.Length;
}
