using DtMcp.Darktrace.Sending;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Traffic.Questions;

/// <summary>How one appliance is asked.</summary>
public sealed record InvestigatorOptions
{
    /// <summary>What answers call the appliance.</summary>
    public required string Appliance { get; init; }

    /// <summary>Whether there are others, so that a next call has to name it.</summary>
    public bool IsOneOfMany { get; init; }

    /// <summary>Whether its records are made up (<c>--demo</c>).</summary>
    public bool Synthetic { get; init; }

    public InternalRanges Internal { get; init; } = InternalRanges.Default;

    /// <summary>What a hunt lowers (<c>DTMCP_KNOWN_GOOD</c>).</summary>
    public KnownGood KnownGood { get; init; } = KnownGood.None;

    public EvidencePolicy Evidence { get; init; } = EvidencePolicy.Auto;

    /// <summary>Most rows that one capture keeps (<c>DTMCP_MAX_FLOWS</c>); about 41 bytes each, 49 with bytes by direction.</summary>
    public long MaxFlows { get; init; } = 2_000_000;

    /// <summary>
    /// Most endpoints that one reading tells apart (<c>DTMCP_MAX_HOSTS</c>); the lightest go beyond it, and rows are not kept. About 250
    /// bytes each.
    /// </summary>
    public int MaxHosts { get; init; } = 500_000;

    /// <summary>Most bytes that all captures keep (<c>DTMCP_CACHE_MB</c>).</summary>
    public long CacheBytes { get; init; } = 256L << 20;

    /// <summary>Where readings get their memory from, all together (<c>DTMCP_READING_MB</c>).</summary>
    public ReadingRoom Room { get; init; } = ReadingRoom.OfProcess;

    /// <summary>
    /// Rows that are few: a dozen pages of records, fewer requests than the appliance's own counts take, so that records are read whatever
    /// is kept of them; and the parts of a long window grow while they hold fewer.
    /// </summary>
    public long FewRows { get; init; } = 100_000;

    /// <summary>
    /// From so many connections on the history counts them itself. Fewer are read, in a second or less, and kept for the next question.
    /// </summary>
    public long CountedRows { get; init; } = 500_000;

    /// <summary>A window longer than this is asked in parts of this length, or longer ones where there is little.</summary>
    public TimeSpan Slice { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Parts asked at once; the client's own cap on requests stands beside it.</summary>
    public int SlicesAtOnce { get; init; } = 2;

    /// <summary>How long a capture of a window that had ended when it was read stays good.</summary>
    public TimeSpan KeepEnded { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a capture of a window that touched the moment it was read stays good.</summary>
    public TimeSpan KeepRunning { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a refused permission is remembered before it is tried again.</summary>
    public TimeSpan RememberRefusal { get; init; } = TimeSpan.FromMinutes(10);
}
