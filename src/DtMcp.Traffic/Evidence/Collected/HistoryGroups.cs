using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Queries;

namespace DtMcp.Traffic.Evidence.Collected;

/// <summary>Groups that are asked of the history: keys by dimension, and what is added up of each.</summary>
internal sealed record HistoryGroups
{
    public required Dimension By { get; init; }

    /// <summary>A second dimension.</summary>
    public Dimension? Then { get; init; }

    /// <summary>
    /// A connection can count for both of its ends: this asks for the second of them, where there is one. Its figures come beside those of
    /// the first.
    /// </summary>
    public bool IsSecond { get; init; }

    public Terms Where { get; init; }

    /// <summary>Whether bytes by direction, failures, first and last are told.</summary>
    public bool HasDetail { get; init; }

    /// <summary>The length of the steps that times are grouped by, in milliseconds.</summary>
    public long StepMs { get; init; } = 3_600_000;

    /// <summary>The value that comes with each group as its last key, for a list or a distinct count; null for none.</summary>
    public HistoryValue? Of { get; init; }

    /// <summary>Only groups of these addresses; null for all.</summary>
    public IReadOnlyList<NetAddress>? Among { get; init; }

    /// <summary>The most groups; with more nothing is told.</summary>
    public int Most { get; init; } = 1_000_000;
}

/// <summary>What is listed or counted of a group.</summary>
/// <param name="By">A dimension: the first of a row's keys. Null asks for the other end (<paramref name="IsSecondPeer"/>).</param>
/// <param name="IsSecondPeer">
/// Where the group is no end: the peer of the second of the ends that the question is about, instead of that of the first.
/// </param>
internal readonly record struct HistoryValue(Dimension? By, bool IsSecondPeer = false);

/// <summary>A key: an end (its address, or its name where it has none), a word, or a number (a port, a time, a state).</summary>
internal readonly record struct HistoryKey(NetAddress Address, string? Text, long Number);

/// <summary>What is added up.</summary>
internal record struct HistorySums
{
    public long Connections;
    public long Bytes;
    public long Packets;
    public long BytesIn;
    public long BytesOut;
    public long Failed;

    /// <summary>Start of the first and the last connection in milliseconds since 1970; 0 where none is known.</summary>
    public long First;
    public long Last;

    /// <summary>Connections with an end that has no address.</summary>
    public long Nameless;

    public readonly HistorySums Plus(in HistorySums other) => new()
    {
        Connections = Connections + other.Connections,
        Bytes = Bytes + other.Bytes,
        Packets = Packets + other.Packets,
        BytesIn = BytesIn + other.BytesIn,
        BytesOut = BytesOut + other.BytesOut,
        Failed = Failed + other.Failed,
        First = First == 0 ? other.First : other.First == 0 ? First : Math.Min(First, other.First),
        Last = Math.Max(Last, other.Last),
        Nameless = Nameless + other.Nameless,
    };
}

/// <summary>A group as it comes.</summary>
internal delegate void HistoryGroupTaker(ReadOnlySpan<HistoryKey> keys, in HistorySums sums);

/// <summary>What is asked is more than is counted there; rows answer it.</summary>
internal sealed class NotCountedException(string why) : Exception(why);
