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
