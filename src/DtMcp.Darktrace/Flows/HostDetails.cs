namespace DtMcp.Darktrace.Flows;

/// <summary>
/// What an answer says of an endpoint beside its address. Every member is null when it was not said. Texts are untrusted.
/// </summary>
public sealed record HostDetails
{
    public string? Hostname { get; init; }

    public string? DeviceLabel { get; init; }

    public string? MacAddress { get; init; }

    public string? Vendor { get; init; }

    public string? Os { get; init; }

    /// <summary>The row shape's <c>devicetype</c>, the guide's <c>typelabel</c> or <c>typename</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Milliseconds since 1970, UTC.</summary>
    public long? FirstSeen { get; init; }

    /// <summary>Milliseconds since 1970, UTC.</summary>
    public long? LastSeen { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public string? Country { get; init; }

    /// <summary>Such as <c>AS64511 Example Hosting</c>.</summary>
    public string? Asn { get; init; }

    /// <summary>Subnet id of the appliance.</summary>
    public long? SubnetId { get; init; }

    /// <summary>Bytes of memory.</summary>
    internal long Size =>
        128 + KeptNames.BytesOf(Hostname) + KeptNames.BytesOf(DeviceLabel) + KeptNames.BytesOf(MacAddress) + KeptNames.BytesOf(Vendor)
            + KeptNames.BytesOf(Os)
        + KeptNames.BytesOf(Type) + KeptNames.BytesOf(Country) + KeptNames.BytesOf(Asn)
            + (Tags?.Sum(tag => 8 + KeptNames.BytesOf(tag)) ?? 0);

    /// <summary>What is known, with the gaps filled from <paramref name="other"/>.</summary>
    public HostDetails FilledFrom(HostDetails other) => new()
    {
        Hostname = Hostname ?? other.Hostname,
        DeviceLabel = DeviceLabel ?? other.DeviceLabel,
        MacAddress = MacAddress ?? other.MacAddress,
        Vendor = Vendor ?? other.Vendor,
        Os = Os ?? other.Os,
        Type = Type ?? other.Type,
        FirstSeen = FirstSeen ?? other.FirstSeen,
        LastSeen = LastSeen ?? other.LastSeen,
        Tags = Tags ?? other.Tags,
        // A country by its name says more than its two letters.
        Country = Country is null or { Length: 2 } && other.Country is not null ? other.Country : Country,
        Asn = Asn ?? other.Asn,
        SubnetId = SubnetId ?? other.SubnetId,
    };
}
