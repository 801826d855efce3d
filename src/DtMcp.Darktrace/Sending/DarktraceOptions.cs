using DtMcp.Darktrace.Signing;

namespace DtMcp.Darktrace.Sending;

/// <summary>How to reach one appliance.</summary>
public sealed record DarktraceOptions
{
    /// <summary><c>https://instance</c>, without a path; plain <c>http</c> for loopback only.</summary>
    public required Uri Host { get; init; }

    public required string PublicToken { get; init; }

    public required Secret PrivateToken { get; init; }

    /// <summary>
    /// Longest time for one request from its first attempt to the last byte of its answer, retries included. Default 60 seconds.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Requests at once to the appliance, from 1 up. Default 4.</summary>
    public int MaxConcurrency { get; init; } = 4;

    /// <summary>PEM file of certificate authorities that are trusted beside the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>
    /// SHA-256 of the appliance's certificate, 64 hex digits, colons allowed. Only that certificate is taken then; without
    /// <see cref="CaFile"/> it needs no other trust (a self-signed one is fine), with it the chain is checked as well.
    /// </summary>
    public string? CertSha256 { get; init; }

    /// <summary>Form of the date header: docs/APPLIANCE-API.md, The date header.</summary>
    public DateFormat DateFormat { get; init; } = DateFormat.Spaced;

    /// <summary>Sign the percent-encoded query instead of the decoded one (docs/APPLIANCE-API.md, Query encoding). Default false.</summary>
    public bool SignEncoded { get; init; }

    /// <summary>Other replicas of the program that ask the same appliance; null for none.</summary>
    public ISharedAppliance? Shared { get; init; }

    /// <summary>Host and settings; no token.</summary>
    public override string ToString() => $"{Host.Scheme}://{Host.Authority}";
}
