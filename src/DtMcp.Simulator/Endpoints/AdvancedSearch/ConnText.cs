using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>The texts that go with a state of a connection: what the appliance calls it, and a history that fits it.</summary>
internal static class ConnText
{
    public static string Full(ConnState state) => state switch
    {
        ConnState.S0 => "Connection attempt seen, no reply",
        ConnState.S1 => "Connection established, not terminated",
        ConnState.SF => "Normal establishment and termination",
        ConnState.REJ => "Connection attempt rejected",
        ConnState.S2 => "Connection established and close attempt by originator seen (but no reply from responder)",
        ConnState.S3 => "Connection established and close attempt by responder seen (but no reply from originator)",
        ConnState.RSTO => "Connection established, originator aborted (sent a RST)",
        ConnState.RSTR => "Responder sent a RST",
        ConnState.RSTOS0 => "Originator sent a SYN followed by a RST, never saw a SYN-ACK from the responder",
        ConnState.RSTRH => "Responder sent a SYN ACK followed by a RST, never saw a SYN from the originator",
        ConnState.SH => "Originator sent a SYN followed by a FIN, never saw a SYN ACK from the responder",
        ConnState.SHR => "Responder sent a SYN ACK followed by a FIN, never saw a SYN from the originator",
        _ => "No SYN seen, just midstream traffic",
    };

    public static string History(ConnState state) => state switch
    {
        ConnState.S0 => "S",
        ConnState.REJ => "Sr",
        ConnState.RSTO => "ShADaR",
        ConnState.RSTR => "ShADar",
        ConnState.RSTOS0 => "SR",
        ConnState.RSTRH => "hr",
        ConnState.SH => "SF",
        ConnState.SHR => "hf",
        ConnState.S1 => "ShADad",
        ConnState.OTH => "Dd",
        _ => "ShADadFf",
    };
}
