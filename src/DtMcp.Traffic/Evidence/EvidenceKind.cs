namespace DtMcp.Traffic.Evidence;

/// <summary>What an answer stands on: docs/COUNTING.md, What each kind of evidence can tell.</summary>
internal enum EvidenceKind
{
    Flows,
    Records,
    Connectivity,
    Series,

    /// <summary>What the appliance counted itself.</summary>
    Counts,

    /// <summary>Records that were collected into a database before (<see cref="Collected.IHistory"/>).</summary>
    History,
}
