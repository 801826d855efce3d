using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Evidence;

/// <summary>What was asked of the appliance: a span of time and the filters that were sent, without a window of their own.</summary>
internal sealed record CaptureKey(TimeWindow Window, NetworkQuery Filters, bool Records)
{
    /// <summary>Whether the rows come from the history.</summary>
    public bool IsHistory { get; init; }

    /// <summary>
    /// Whether rows read for this key hold all rows of another: the same or a longer window, the same or fewer filters. Rows cut down to
    /// some fields cannot be looked through for others: they serve the same question only.
    /// </summary>
    public bool Covers(CaptureKey other, long slackMs = 0) =>
        Records == other.Records && IsHistory == other.IsHistory
        && Window.StartMs <= other.Window.StartMs && other.Window.EndMs <= Window.EndMs + slackMs
        && Filters.Metric == other.Filters.Metric && Filters.ResponseData == other.Filters.ResponseData
        && (Filters.FullDeviceDetails == true || other.Filters.FullDeviceDetails != true)
        && Covers(Filters.Did, other.Filters.Did) && Covers(Filters.Ip, other.Filters.Ip)
        && Covers(Filters.ViewSubnet, other.Filters.ViewSubnet)
        && Covers(Filters.IntExt, other.Filters.IntExt) && Covers(Filters.Protocol, other.Filters.Protocol)
        && Covers(Filters.ApplicationProtocol, other.Filters.ApplicationProtocol) && Covers(Filters.Port, other.Filters.Port)
        && Covers(Filters.SourcePort, other.Filters.SourcePort) && Covers(Filters.DestinationPort, other.Filters.DestinationPort)
        && (Filters.ResponseData is null || IsTheSame(other));

    private bool IsTheSame(CaptureKey other) =>
        Filters == other.Filters && Window.StartMs == other.Window.StartMs && Window.EndMs <= other.Window.EndMs;

    private static bool Covers<T>(T? mine, T? theirs) => mine is null || EqualityComparer<T>.Default.Equals(mine, theirs);
}

/// <summary>What one question read, kept for the next: rows as columns, or the guide's tables, or a series.</summary>
internal sealed record Capture
{
    private static long _made;

    /// <summary>Which one it is: no two of a process have the same.</summary>
    public long Number { get; } = Interlocked.Increment(ref _made);

    public required CaptureKey Key { get; init; }

    public required EvidenceKind Evidence { get; init; }

    public required DateTimeOffset ReadAt { get; init; }

    public FlowSet? Flows { get; init; }

    public Connectivity? Connectivity { get; init; }

    public Series? Series { get; init; }

    /// <summary>Rows that the appliance has and that were not read (records beyond the bound).</summary>
    public long NotRead { get; init; }

    /// <summary>Whether a part of the appliance did not answer, so that it may have more than it counts itself.</summary>
    public bool AtLeast { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether names of its endpoints could not be had: it stays good for a moment only, since the next reading may have
    /// them.</summary>
    public bool LacksNames { get; init; }

    /// <summary>What tells whether it serves a question.</summary>
    public CaptureHead Head => new(Key, ReadAt, Flows is not null, LacksNames);

    /// <summary>What questions found in it.</summary>
    public FindingsMemo Found { get; } = new();

    /// <summary>Whether it can serve another question: all rows are there.</summary>
    public bool IsWhole => Flows is null or { IsWhole: true } && NotRead == 0 && !AtLeast;

    /// <summary>Bytes of memory: what was read, and what was found in it.</summary>
    public long Size => 4_096 + (Flows?.Size ?? 0) + (Connectivity?.Size ?? 0) + (Series?.Size ?? 0) + Found.Size;

    /// <summary>What an answer of <c>/network</c> came to, as it is kept.</summary>
    public static Capture OfNetwork(CaptureKey key, NetworkAnswer answer, FlowSet flows, DateTimeOffset readAt) => new()
    {
        Key = key,
        Evidence = answer.Kind switch
        {
            NetworkAnswerKind.Series => EvidenceKind.Series,
            NetworkAnswerKind.Connectivity => EvidenceKind.Connectivity,
            _ => EvidenceKind.Flows,
        },
        ReadAt = readAt,
        // An answer with nothing in it has no rows: other evidence may.
        Flows = answer.Kind == NetworkAnswerKind.Flows ? flows : null,
        Connectivity = answer.Connectivity,
        Series = answer.Series,
        Notes = Caveats.OfAnswer(answer),
    };
}
