namespace DtMcp.Darktrace.Requests.Searches;

/// <summary>Fields of <c>@type:conn</c> records that searches name and the appliance counts by.</summary>
public enum ConnField
{
    SourceIp,
    DestinationIp,
    SourcePort,
    DestinationPort,
    Protocol,
    Service,
    State,

    /// <summary>Whether the originator is inside, as the appliance holds it.</summary>
    LocalOriginator,
    LocalResponder,

    /// <summary>Bytes of payload that the originator sent.</summary>
    OriginatorBytes,
    ResponderBytes,
    OriginatorPackets,
    ResponderPackets,

    /// <summary>The start, in seconds since 1970 with a fraction.</summary>
    Start,
}

/// <summary>What records call their fields.</summary>
internal static class ConnFields
{
    public static string Name(this ConnField field) => field switch
    {
        ConnField.SourceIp => "@fields.source_ip",
        ConnField.DestinationIp => "@fields.dest_ip",
        ConnField.SourcePort => "@fields.source_port",
        ConnField.DestinationPort => "@fields.dest_port",
        ConnField.Protocol => "@fields.proto",
        ConnField.Service => "@fields.service",
        ConnField.State => "@fields.conn_state",
        ConnField.LocalOriginator => "@fields.local_orig",
        ConnField.LocalResponder => "@fields.local_resp",
        ConnField.OriginatorBytes => "@fields.orig_bytes",
        ConnField.ResponderBytes => "@fields.resp_bytes",
        ConnField.OriginatorPackets => "@fields.orig_pkts",
        ConnField.ResponderPackets => "@fields.resp_pkts",
        _ => "@fields.epochdate",
    };

    /// <summary>Whether the appliance can sum it.</summary>
    public static bool IsNumber(this ConnField field) => field >= ConnField.OriginatorBytes;
}
