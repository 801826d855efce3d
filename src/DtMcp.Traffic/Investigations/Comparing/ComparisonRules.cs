using DtMcp.Traffic.Queries;

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

    /// <summary>An earlier window with less than this share of the later one's connections (or bytes) is hardly there.</summary>
    public const double HardlyThere = 0.1;

    /// <summary>Whether a group has grown, by bytes or by connections.</summary>
    public static bool HasGrown(Group now, Group before, double scale) =>
        HasGrown(now.Bytes, before.Bytes, scale, MoreBytes) || HasGrown(now.Connections, before.Connections, scale, MoreConnections);

    /// <summary>
    /// How large a change is, of one measure for bytes and connections: the larger of the two, each in what is enough to have grown.
    /// </summary>
    public static double Size(Group? now, Group? before, double scale) => Math.Max(
        Difference(now?.Bytes, before?.Bytes, scale) / MoreBytes,
        Difference(now?.Connections, before?.Connections, scale) / MoreConnections);

    private static double Difference(long? now, long? before, double scale) => Math.Abs((now ?? 0) - ((before ?? 0) * scale));

    private static bool HasGrown(long? now, long? before, double scale, long more) =>
        now is { } after && before is { } prior && after >= Times * prior * scale && after - (prior * scale) >= more;
}
