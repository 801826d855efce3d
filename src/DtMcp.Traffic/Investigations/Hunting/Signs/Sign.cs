using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Queries.Channels;

namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>How sure a rule is. Low: seen, and mostly innocent; medium: worth a look; high: explain it or act on it.</summary>
internal enum Confidence
{
    Low,
    Medium,
    High,
}

/// <summary>
/// What one rule saw: between two ends, or of a source and all that it touched. Hosts are ids of the rows' hosts.
/// </summary>
/// <param name="Kind">The rule's kind.</param>
/// <param name="Confidence">How sure it is by itself.</param>
/// <param name="Source">Who began.</param>
/// <param name="Destination">The far end; null where it is many.</param>
internal sealed record Sign(HuntKind Kind, Confidence Confidence, int Source, int? Destination)
{
    /// <summary>Ports that it stands on, the first the most telling.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>Whether it is told of the far end and whoever came there, not of one pair.</summary>
    public bool IsOfFarEnd { get; init; }

    /// <summary>The domain that it is about; null where it is about none.</summary>
    public string? Domain { get; init; }

    /// <summary>The figures that decided, with their thresholds; written for what is shown.</summary>
    public required Func<string> Figures { get; init; }

    /// <summary>What it adds up, where it is not about one pair: that is summed from the pair's channels.</summary>
    public Sums? Sums { get; init; }
}

/// <summary>What the connections of a sign add up to.</summary>
internal readonly record struct Sums(long Connections, long Refused, Sum Bytes, Sum BytesOut, long First, long Last)
{
    public static Sums None => new(0, 0, default, default, long.MaxValue, long.MinValue);

    public Sums With(in Channel channel) => new(
        Connections + channel.Connections, Refused + channel.Refused, Bytes + channel.Bytes, BytesOut + channel.BytesOut,
        Math.Min(First, channel.First), Math.Max(Last, channel.Last));
}
