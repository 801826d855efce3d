namespace DtMcp.Traffic.Questions;

/// <summary>Which evidence a question may stand on (<c>DTMCP_EVIDENCE</c>).</summary>
public enum EvidencePolicy
{
    /// <summary><c>/network</c>; records beside it where it gives no rows and the token may.</summary>
    Auto,

    /// <summary>Only what <c>/network</c> gives.</summary>
    Network,

    /// <summary>Records of Advanced Search even where <c>/network</c> gives rows.</summary>
    Records,
}

/// <summary>Which evidence a question asks for (<c>evidence=</c>); where it cannot be had another answers, with a note.</summary>
public enum EvidenceWish
{
    /// <summary>The cheapest that answers exactly.</summary>
    Auto,

    /// <summary>What the appliance counts itself: exact sums and top values of any window in some small requests, no lists.</summary>
    Counts,

    /// <summary>Records of Advanced Search, however many.</summary>
    Records,

    /// <summary>What <c>/network</c> gives: rows or the vendor guide's tables.</summary>
    Network,

    /// <summary>Records that were collected before.</summary>
    History,
}

/// <summary>The words for them.</summary>
public static class EvidenceWishes
{
    public static IReadOnlyList<string> Words { get; } = ["auto", "counts", "records", "network", "history"];

    public static EvidenceWish Of(string? word) => (EvidenceWish)Math.Max(0, Words.ToList().IndexOf(word ?? "auto"));
}
