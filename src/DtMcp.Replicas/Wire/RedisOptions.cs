using DtMcp.Darktrace.Signing;

namespace DtMcp.Replicas.Wire;

/// <summary>How the Redis is reached that replicas share.</summary>
public sealed record RedisOptions
{
    public required string Host { get; init; }

    public int Port { get; init; } = 6379;

    /// <summary>Whether the connection is encrypted (<c>rediss://</c>).</summary>
    public bool IsTls { get; init; }

    /// <summary>The number of its database.</summary>
    public int Database { get; init; }

    /// <summary>A user of its ACL; null for the default one.</summary>
    public string? User { get; init; }

    public Secret? Password { get; init; }

    /// <summary>PEM file of certificate authorities that are trusted beside the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>
    /// Longest time for one small request. A script takes a millisecond; a machine under load may not come to read the answer for some
    /// hundred, and one without processors left for a second.
    /// </summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Most bytes of the captures of an appliance there, as they are packed.</summary>
    public long MostBytes { get; init; } = 256L << 20;
}
