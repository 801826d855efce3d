namespace DtMcp.Simulator.Records;

/// <summary>What is known of an outside address. Null where it is not known.</summary>
internal sealed record OutsideInfo
{
    public string? Hostname { get; init; }

    public string? Country { get; init; }

    public string? CountryCode { get; init; }

    /// <summary>As Darktrace writes it: <c>AS64500 Example Networks</c>.</summary>
    public string? Asn { get; init; }

    public string? City { get; init; }

    public string? Region { get; init; }

    public double? Latitude { get; init; }

    public double? Longitude { get; init; }
}
