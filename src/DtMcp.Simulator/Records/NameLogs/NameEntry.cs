using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Records.NameLogs;

/// <summary>What a name was seen in.</summary>
internal enum NameKind
{
    Dns,
    Ssl,
    Http,
}

/// <summary>A name in a connection, as Zeek's dns.log, ssl.log or http.log has it. Null is unknown.</summary>
internal sealed record NameEntry
{
    public required NameKind Kind { get; init; }

    /// <summary>Epoch milliseconds UTC.</summary>
    public required long StartMs { get; init; }

    public required IpAddress Source { get; init; }

    public ushort SourcePort { get; init; }

    public required IpAddress Destination { get; init; }

    public ushort DestinationPort { get; init; }

    /// <summary>The connection's.</summary>
    public required string Uid { get; init; }

    /// <summary>What was looked up, the server name of TLS, the host of HTTP.</summary>
    public string? Name { get; init; }

    /// <summary>The type of a query (<c>A</c>), the version of TLS, the method of HTTP.</summary>
    public string? Type { get; init; }

    /// <summary>Of DNS.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];

    /// <summary>Of DNS where it is no success (<c>NXDOMAIN</c>), what TLS thinks of the certificate, the status of HTTP.</summary>
    public string? Outcome { get; init; }

    /// <summary>The user agent of HTTP, the client's fingerprint of TLS.</summary>
    public string? Client { get; init; }

    /// <summary>The path of HTTP, the subject of a certificate.</summary>
    public string? Detail { get; init; }
}
