using System.Collections.Frozen;

namespace DtMcp.Traffic.Rendering;

/// <summary>
/// What pieces of text cost in the o200k vocabulary, for <see cref="TokenEstimate"/>. A test compares every entry with the tokenizer
/// itself; a piece that is not here is taken at the most it can cost.
/// </summary>
internal static class TokenPieces
{
    // Two letters are one token, save these.
    private const string Apart =
        "bq gk gq jv jz kq kz lq nq qf qg qj qk qv qz rj tq wq wz xg xj xk xq xv xw yq zj zq zv " +
        "EJ FJ FQ FZ GJ GQ GZ IY JH JQ JX JY JZ KJ KQ KX KZ LJ LQ LZ MZ NQ OQ OZ PZ " +
        "QF QG QH QJ QK QO QW QX QY QZ RZ TQ UO UQ VJ VQ VY VZ WJ WQ WZ XG XH XJ XK XQ XU XW YB YF YH YI YJ YQ YV ZB ZC ZJ ZK ZL ZP ZQ ZV";

    // One token each, alone, and with a space before it; at most two after another mark.
    private const string OneToken = """
        A AS Async Australia Brazil Canada China Cut DE Dt FR France GB Germany IP India Ireland Italy Japan New Normal Russia Singapore
        Spain States Token US UTC Ukraine United a about above account activity ad added address addresses admin again ago all amazon
        analysis and android another answer answers any anything api app apple application are argument ask asked assistant attempt auth aws
        azure backup before bool both budget by bytes call caller calls camera can cannot capture captures case catch category check chunk
        class client clock cloud code columns com come command conference confidence confirmed connection connections content corp count
        country counts current cursor cut data db dc default demo desktop destination detail dev device devices did digest direction dns
        does double each edge either else end endpoint ends entry error every exact example exchange external facebook facts false fields
        file files filter filtered filters finance find first fit flows focus for foreach format found from ftp full gate gateway get google
        guide has here high hit hold holds home host hostname hosts hour hours how http https ids image img in inside int integer internal
        into ip iphone ips is its joined json keep key kind know known label lan last late ldap left length level limit line linux list
        lists local lock login long low mac made mail many may media medium meeting memory meter metric metrics mine minute mobile model
        moment more most must mysql name named names namespace needed needs net network never new news next night node none not note notes
        nothing now null number of office offset once one only options order org other others out outside over own page pair param parsed
        part parts people percent permission phone plain port ports print printer private prod progress project protocol proxy public pure
        query question range read reading ready real record records ref reference reported requests required resolved result return right
        room router row rows said sales same say scan scope search seconds section see seed seen selected sent sentence series serve server
        service services set shape shared short shown shows sid side signature signed sip size smtp social source sources spill sql ssh ssl
        stands start starts static status step still stop store string summary switch table tables tablet tags take takes target targets
        task tcp test text than that the their them then there they this those throw time timeout times tls to token tokens too tool tools
        top traffic true try twitter two type ubuntu udp under unknown update upload usable user ushort value values var vendor version
        video vpn waiting wanted was web were what when where which while who whole why window windows with within without would www
        """;

    private static readonly FrozenSet<string> ApartPairs = Apart.Split(' ').ToFrozenSet();

    public static FrozenSet<string> Words { get; } = OneToken.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();

    /// <summary>
    /// Names of the answers with the mark before them, runs of marks between values, and words that cost more after a mark than the rule
    /// has it.
    /// </summary>
    public static FrozenDictionary<string, int> Pieces { get; } = Known().ToFrozenDictionary();

    public static IEnumerable<string> PairsApart => ApartPairs;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ApartLookup =
        ApartPairs.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> WordLookup =
        Words.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> PieceLookup =
        Pieces.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool AreApart(ReadOnlySpan<char> pair) => ApartLookup.Contains(pair);

    public static bool IsWord(ReadOnlySpan<char> letters) => WordLookup.Contains(letters);

    /// <summary>The cost of a piece, or 0 where it is not known.</summary>
    public static int Cost(ReadOnlySpan<char> piece) => PieceLookup.TryGetValue(piece, out var cost) ? cost : 0;

    private static List<KeyValuePair<string, int>> Known() =>
    [
        .. Costing(1,
        [
            "\n\n", " =", " kerberos", " smb", "\",", "\",\"", "\":", "\":\"", "\":[", "\":[\"", "\":{\"", "\"]", "\"],", "\"bytes",
            "\"name", "\"os",
            "\"type", "\"}", "\"},{\"", "##", "'=", ")\n", "),", ",\"", ".\n", ".amazonaws", ".apple", ".azure", ".com", ".de", ".edu",
            ".example",
            ".facebook", ".google", ".gov", ".home", ".int", ".internal", ".io", ".live", ".local", ".microsoft", ".net", ".office", ".org",
            ".test",
            ".uk", ".www", ":\n", "::", "[\"", "\\u", "],", "],\"", "]}", "_bytes", "_connections", "_dns", "_hostname", "_in", "_of",
            "_out", "_port",
            "_ports", "_read", "_seconds", "_udp", "`\n", "asn", "icmp", "{\"", "{}", "|\n", "|-", "||", "|||", "||||", "},", "},\"",
            "},{\"", "…\n",
        ]),
        .. Costing(2,
        [
            " - `", " applicationprotocol", " asn", " destinationport", " endtime", " icmp", " macaddress", " ntp", " starttime",
            "\":[],\"", "\":[]}",
            "\":[{\"", "\"],\"", "\"]}", "\"asn", "\"cached", "\"icmp", "\"inbound", "\"remote", "\"rule", "\"smb", "\"},\"", "## ", "- `",
            "-|-",
            "-|-\n", ".cloudfront", ".windowsupdate", "[],\"", "]},\"", "]}}", "_applicationprotocol", "_asn", "_destinationport",
            "_destinations",
            "_endtime", "_icmp", "_macaddress", "_ntp", "_smb", "_starttime", "applicationprotocol", "destinationport", "endtime",
            "kerberos",
            "macaddress", "ntp", "smb", "starttime", "{},\"", "|-|", "|asn", "|icmp", "…\",\"",
        ]),
        .. Costing(3,
        [
            " applicationprotocols", "\":{},\"", "\"appliance", "\"applicationprotocol", "\"destinationport", "\"destinations", "\"endtime",
            "\"evidence", "\"figures", "\"kerberos", "\"macaddress", "\"ntp", "\"outbound", "\"packets", "\"protocols", "\"starttime",
            "\"subnets",
            "\"suspicious", "\"synthetic", "\"talkers", "\"totals", "'Australia", "'Singapore", "'records", "'shared", "'shown", "'shows",
            "'signature",
            "'tablet", "'targets", "'their", "'timeout", "(Australia", "(Canada", "(Singapore", "(Ukraine", "(captures", "(foreach",
            ",Singapore",
            ",captures", "-Australia", "-Singapore", "-captures", "-waiting", ".Australia", ".Singapore", ".Ukraine", ".akamai",
            ".captures",
            "/Australia", "/Singapore", "/captures", "/joined", "/waiting", "=captures", "\\targets", "_Australia", "_Canada", "_Singapore",
            "_Ukraine",
            "_applicationprotocols", "_captures", "_kerberos", "applicationprotocols", "|applicationprotocol", "|destinationport",
            "|endtime",
            "|kerberos", "|macaddress", "|ntp", "|packets", "|smb", "|starttime",
        ]),
        .. Costing(4,
        [
            " devicelabel", "\"applicationprotocols", "-|-|-\n", "_devicelabel", "devicelabel", "|applicationprotocols",
        ]),
        .. Costing(5,
        [
            "\"devicelabel", "-|-|-|-\n", "-|-|-|-|-", "|devicelabel",
        ]),
        .. Costing(6,
        [
            "-|-|-|-|-\n",
        ]),
        .. Costing(7,
        [
            "-|-|-|-|-|-\n",
        ]),
        .. Costing(8,
        [
            "-|-|-|-|-|-|-\n",
        ]),
        .. Costing(9,
        [
            "-|-|-|-|-|-|-|-\n",
        ]),
        .. Costing(14,
        [
            "-|-|-|-|-|-|-|-|-|-|-|-|-\n",
        ]),
    ];

    private static IEnumerable<KeyValuePair<string, int>> Costing(int tokens, string[] pieces) =>
        pieces.Select(piece => KeyValuePair.Create(piece, tokens));
}
