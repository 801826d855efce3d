using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions.Conditions;
using DtMcp.Traffic.Questions.Names;

namespace DtMcp.Traffic.Questions;

/// <summary>What an analysis needs to know beside the evidence.</summary>
public sealed record AnalysisSettings
{
    public required TimeWindow Window { get; init; }

    /// <summary>The zone by whose clock hours and days begin.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Filters as asked; next calls repeat them.</summary>
    public required NetworkQuery Filters { get; init; }

    /// <summary>Filters that rows were selected by.</summary>
    public RowConditions Conditions { get; init; } = RowConditions.None;

    /// <summary>What entries of names say of the window; null where they were not asked.</summary>
    public KnownNames? Names { get; init; }

    /// <summary>The length of the intervals of a course over time; null where none is asked for.</summary>
    public TimeSpan? Interval { get; init; }

    public InternalRanges Internal { get; init; } = InternalRanges.Default;

    /// <summary>What a hunt lowers.</summary>
    public KnownGood KnownGood { get; init; } = KnownGood.None;

    /// <summary>Most rows of one table.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>Whether the most rows were asked for, and are not those of the detail.</summary>
    public bool HasLimit { get; init; }

    /// <summary>Whether rows are to be short where there are many: every detail but the full one.</summary>
    public bool IsShort { get; init; }

    /// <summary>Whether row lists hold all values (<c>--no-budget</c>).</summary>
    public bool ListAll { get; init; }

    /// <summary>Whether the tables are put together with those of other appliances, and hold what either of them needs.</summary>
    public bool IsJoined { get; init; }

    /// <summary>Rows of a table that has at most so many of its own; null where it takes the question's.</summary>
    internal int RowsOf(int? top) => IsJoined ? Question.MostJoined : top ?? Limit;

    /// <summary>The device asked about: its id, or its address where only that is known.</summary>
    public long? FocusDid { get; init; }

    public NetAddress FocusAddress { get; init; }

    /// <summary>What is known of the device from elsewhere (a device search).</summary>
    public HostDetails? FocusDetails { get; init; }

    /// <summary>The subnet asked about.</summary>
    public AddressRange? Subnet { get; init; }

    /// <summary>The order of raw rows; null is that of time.</summary>
    public RowSort? Sort { get; init; }

    /// <summary>Rows to pass over, from a cursor.</summary>
    public long Offset { get; init; }
}
