namespace DtMcp.Darktrace.Reading.Records;

/// <summary>
/// What a value inside an entry of Advanced Search means. Those from <see cref="StartTs"/> on are also places in
/// <see cref="RecordValues"/>.
/// </summary>
internal enum RecordField : byte
{
    /// <summary>Nobody wants it.</summary>
    None,

    /// <summary>The object <c>_source</c>.</summary>
    Source,

    /// <summary>The object <c>@fields</c>.</summary>
    Fields,

    /// <summary>When the entry was put into the index.</summary>
    Inserted,

    /// <summary>The start; of the first that is known, in this order.</summary>
    StartTs,
    EpochDate,
    Ts,
    Message,
    SourceIp,
    DestinationIp,
    SourcePort,
    DestinationPort,
    Protocol,
    Service,
    Duration,
    Sent,
    Received,
    SentPackets,
    ReceivedPackets,
    MissedSent,
    MissedReceived,
    State,
    SourceIsLocal,
    DestinationIsLocal,
    SourceCountry,
    DestinationCountry,
    SourceAsn,
    DestinationAsn,
}

/// <summary>Where a key stands in an entry.</summary>
internal enum RecordLevel : byte
{
    /// <summary>Inside what nobody wants.</summary>
    Elsewhere,

    /// <summary>The entry itself.</summary>
    Entry,

    /// <summary>Its <c>_source</c>.</summary>
    Source,

    /// <summary><c>@fields</c> in that.</summary>
    Fields,
}

/// <summary>Keys of entries, folded as <see cref="Json.FieldNames"/> says. Zeek's own names are taken too.</summary>
internal static class RecordFields
{
    public static RecordField Of(RecordLevel level, ReadOnlySpan<byte> key) => level switch
    {
        RecordLevel.Entry => key.SequenceEqual("source"u8) ? RecordField.Source : RecordField.None,
        RecordLevel.Source => key.Length switch
        {
            7 when key.SequenceEqual("@fields"u8) => RecordField.Fields,
            8 when key.SequenceEqual("@message"u8) => RecordField.Message,
            10 when key.SequenceEqual("@timestamp"u8) => RecordField.Inserted,
            _ => RecordField.None,
        },
        RecordLevel.Fields => Of(key),
        _ => RecordField.None,
    };

    /// <summary>The level inside an object that is the value of a field.</summary>
    public static RecordLevel Inside(RecordField field) => field switch
    {
        RecordField.Source => RecordLevel.Source,
        RecordField.Fields => RecordLevel.Fields,
        _ => RecordLevel.Elsewhere,
    };

    private static RecordField Of(ReadOnlySpan<byte> key) => key.Length switch
    {
        2 when key.SequenceEqual("ts"u8) => RecordField.Ts,
        5 when key.SequenceEqual("proto"u8) => RecordField.Protocol,
        6 when key.SequenceEqual("destip"u8) => RecordField.DestinationIp,
        6 when key.SequenceEqual("origcc"u8) => RecordField.SourceCountry,
        6 when key.SequenceEqual("respcc"u8) => RecordField.DestinationCountry,
        7 when key.SequenceEqual("startts"u8) => RecordField.StartTs,
        7 when key.SequenceEqual("service"u8) => RecordField.Service,
        7 when key.SequenceEqual("origasn"u8) => RecordField.SourceAsn,
        7 when key.SequenceEqual("respasn"u8) => RecordField.DestinationAsn,
        8 when key.SequenceEqual("sourceip"u8) || key.SequenceEqual("id.origh"u8) => RecordField.SourceIp,
        8 when key.SequenceEqual("id.resph"u8) => RecordField.DestinationIp,
        8 when key.SequenceEqual("id.origp"u8) => RecordField.SourcePort,
        8 when key.SequenceEqual("id.respp"u8) || key.SequenceEqual("destport"u8) => RecordField.DestinationPort,
        8 when key.SequenceEqual("duration"u8) => RecordField.Duration,
        8 when key.SequenceEqual("origpkts"u8) => RecordField.SentPackets,
        8 when key.SequenceEqual("resppkts"u8) => RecordField.ReceivedPackets,
        9 when key.SequenceEqual("epochdate"u8) => RecordField.EpochDate,
        9 when key.SequenceEqual("origbytes"u8) => RecordField.Sent,
        9 when key.SequenceEqual("respbytes"u8) => RecordField.Received,
        9 when key.SequenceEqual("connstate"u8) => RecordField.State,
        9 when key.SequenceEqual("localorig"u8) => RecordField.SourceIsLocal,
        9 when key.SequenceEqual("localresp"u8) => RecordField.DestinationIsLocal,
        10 when key.SequenceEqual("sourceport"u8) => RecordField.SourcePort,
        15 when key.SequenceEqual("missedbytesorig"u8) => RecordField.MissedSent,
        15 when key.SequenceEqual("missedbytesresp"u8) => RecordField.MissedReceived,
        _ => RecordField.None,
    };
}
