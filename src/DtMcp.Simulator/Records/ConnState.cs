namespace DtMcp.Simulator.Records;

/// <summary>Zeek's conn_state.</summary>
internal enum ConnState : byte
{
    None,
    S0,
    S1,
    SF,
    REJ,
    S2,
    S3,
    RSTO,
    RSTR,
    RSTOS0,
    RSTRH,
    SH,
    SHR,
    OTH,
}
