using DtMcp.Darktrace.Requests.Searches;

namespace DtMcp.Traffic.Queries;

/// <summary>What the appliance is asked to count.</summary>
internal enum CountKind
{
    /// <summary>The commonest values of a field.</summary>
    Values,

    /// <summary>What the numbers of a field come to.</summary>
    Sums,

    /// <summary>One day by the hour of insertion: how many records, or what the numbers of a field come to.</summary>
    Course,
}

/// <summary>One small request: a count over the records of a question that meet a condition besides; null is all of them.</summary>
internal sealed record CountAsk(CountKind Kind, ConnTerm? Where, ConnField Field)
{
    /// <summary>How many days before the last of the window, of a course.</summary>
    public int Day { get; init; }
}
