namespace DtMcp.Traffic.Rendering;

/// <summary>
/// How many tokens letters cost that form no known word, in parts of a token: fitted by least squares to the o200k tokenizer over words of
/// these papers, two of them joined as host names have them, and letters by chance. Right on the average of many, not of each.
/// </summary>
internal static class TokenLetters
{
    /// <summary>Parts of a token that costs are told in.</summary>
    public const int Parts = 50;

    // What a space before the letters saves, and every piece; what each letter adds beyond the fifth, and takes back beyond the tenth.
    private const int AfterSpace = -8;
    private const int Piece = -10;
    private const int BeyondFive = 4;
    private const int BeyondTen = -3;

    // A printed letter stands for a number: the letter less this.
    private const int Zero = 63;

    // How often a token ends between two letters: a line each first letter, a column each second.
    private const string Between = """
        TFI>aUDTC_N5D=hG^:==SSOA<P
        LVP]C[[ZJF`<^YA`nIR_DZa^B]
        KaJO>ed9Qa>BWdF`iJQ=JbjfOe
        O[UO;UPQJcWPWXRPaLJSXT]aGZ
        PWJJOQLOUaPJUDSS[EEI^ZQBOY
        Ga\[FDJX?]\I`[C_^IKNV\aqP]
        T^[`>[M?NbeRYGYaeKOSU^dZ[Z
        T_Y[Bb``FeZ^[ZKbaQPAWg^aTb
        LXDNBQJddU[?L9;QgKF?]VkN`C
        U`dUA_aZbWK[]hRd]cB\Kc`XVd
        U^XWB\\`O^\FXH]cl^OTQZ^bXh
        J[[L=\]YBdcPNTHTpWFLR^flIf
        FJ]Z@d`dFabRJIOM`bMYT^bdNa
        MZHGDVA]OeLXSHSTi[HFRMbdM_
        NSHDVNDdDXECB3KK`4CCCPBXTY
        D\TU9[]JK[]>VVBQS9EAHR[[MW
        h_e^Zcn[bhpKZfdbLHYR5bZWYi
        E[PP<YQTC_GTUOC^cYGKUU[`>`
        T[UWDWUOO`VZV[TZdYIIR^Sc@]
        JTOS=Z[EDd]USTQRiLHFK[[bC`
        SGLQ=MOaLkN7:<ZAd:;A^Lj]W_
        Fbfe4_W`:[`ia[T_d_\fh]Q[ba
        IY]`<P^PF]XX^GK`pSK]bYUBQg
        YTY[FZlXSigYV\cXg`VVadeWG_
        Z\W]Sb_V[abX_L^dkaKKfg_eRV
        M`^bH`h[DhZ`]cVed_Za_f\\NR
        """;

    // The first letter after a mark that is no space, and a capital in front.
    private const string First = """
        ad]Z]a_]`ca`^_ecd`Y^ded_af
        HDBBAGEANIDGDELHDJ=DQLFVAR
        """;

    private static readonly sbyte[] Ends = Numbers(Between);
    private static readonly sbyte[] Starts = Numbers(First);

    /// <summary>The cost in <see cref="Parts"/> of letters, of which the first may be large or all are.</summary>
    /// <param name="letters">ASCII letters.</param>
    /// <param name="isAfterSpace">Whether the space before them is theirs.</param>
    /// <param name="isAfterMark">Whether another mark before them is.</param>
    public static int Cost(ReadOnlySpan<char> letters, bool isAfterSpace, bool isAfterMark)
    {
        var before = Number(letters[0]);
        var cost = Parts + Piece + (isAfterSpace ? AfterSpace : 0) + (isAfterMark ? Starts[before] : 0)
            + (letters[0] < 'a' ? Starts[26 + before] : 0)
            + (BeyondFive * Math.Max(0, letters.Length - 5)) + (BeyondTen * Math.Max(0, letters.Length - 10));
        for (var i = 1; i < letters.Length; i++)
        {
            var letter = Number(letters[i]);
            cost += Ends[(before * 26) + letter];
            before = letter;
        }

        return Math.Max(Parts, cost);
    }

    private static int Number(char letter) => (letter | 0x20) - 'a';

    private static sbyte[] Numbers(string printed) => [.. printed.Where(letter => letter > ' ').Select(letter => (sbyte)(letter - Zero))];
}
