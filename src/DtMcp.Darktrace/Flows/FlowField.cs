namespace DtMcp.Darktrace.Flows;

/// <summary>
/// What a value inside a row of <c>traffic[]</c> means. A device's fields follow <see cref="Source"/> and <see cref="Destination"/> in the
/// order of <see cref="DeviceField"/>.
/// </summary>
internal enum FlowField : byte
{
    /// <summary>Unknown: stepped over.</summary>
    Other,
    Bytes,
    Packets,
    Duration,
    Start,
    End,
    SourcePort,
    DestinationPort,
    Protocol,
    ApplicationProtocol,
    Direction,
    Flag,
    Source = 32,
    Destination = 64,
}

/// <summary>What a value inside a device object means.</summary>
internal enum DeviceField : byte
{
    /// <summary>The device itself: an object, or its address alone.</summary>
    Self,
    Did,
    Ip,

    /// <summary>An element of <c>ips</c>, or the <c>ip</c> of one.</summary>
    MoreIp,
    FirstSeen,
    LastSeen,
    SubnetId,
    Tag,

    /// <summary>Those from here on are texts.</summary>
    Hostname,
    DeviceLabel,
    MacAddress,
    Vendor,
    Os,
    DeviceType,
    TypeLabel,
    TypeName,
    Country,
    Asn,
    Other,
}

/// <summary>Details of an endpoint as bits, each <c>1 &lt;&lt; field</c>.</summary>
[Flags]
internal enum DeviceDetails
{
    None = 0,
    FirstSeen = 1 << DeviceField.FirstSeen,
    LastSeen = 1 << DeviceField.LastSeen,
    SubnetId = 1 << DeviceField.SubnetId,
    Tag = 1 << DeviceField.Tag,
    Hostname = 1 << DeviceField.Hostname,
    DeviceLabel = 1 << DeviceField.DeviceLabel,
    MacAddress = 1 << DeviceField.MacAddress,
    Vendor = 1 << DeviceField.Vendor,
    Os = 1 << DeviceField.Os,
    DeviceType = 1 << DeviceField.DeviceType,
    TypeLabel = 1 << DeviceField.TypeLabel,
    TypeName = 1 << DeviceField.TypeName,
    Country = 1 << DeviceField.Country,
    Asn = 1 << DeviceField.Asn,

    /// <summary>An endpoint has one type, from whichever of the three names says it first.</summary>
    Types = DeviceType | TypeLabel | TypeName,
}
