namespace DtMcp.Traffic.Investigations.Comparing;

/// <summary>
/// When something has changed. Set so that two ordinary days give few lines; figures of windows of different lengths are compared by
/// length.
/// </summary>
internal static class ComparisonRules
{
    /// <summary>Grown: at least this many times as much as before.</summary>
    public const int Times = 3;

    /// <summary>Grown by bytes: at least this many more.</summary>
    public const long MoreBytes = 10_000_000;

    /// <summary>Grown by connections: at least this many more.</summary>
    public const long MoreConnections = 200;

    /// <summary>
    /// Ports from here up are handed out by systems (Linux from 32768); one is a service only when it is used this often.
    /// </summary>
    public const int FirstEphemeralPort = 32_768;

    public const int EphemeralUses = 20;
}
