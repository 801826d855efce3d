namespace DtMcp.Traffic.Answers;

/// <summary>What a column holds, where tables of several appliances are put together.</summary>
internal enum ColumnRole
{
    /// <summary>What the row is of, or a part of it.</summary>
    Key,

    /// <summary>What is known of it: the same wherever it is seen.</summary>
    About,

    /// <summary>A number that an appliance gave it: nothing of another appliance has the same.</summary>
    Own,

    /// <summary>A sum: those of two appliances add up, since no connection is in both.</summary>
    Sum,

    /// <summary>A first time.</summary>
    First,

    /// <summary>A last time.</summary>
    Last,

    /// <summary>The share of all connections.</summary>
    Percent,

    /// <summary>The share of all bytes.</summary>
    PercentOfBytes,

    /// <summary>Values that belong to it.</summary>
    List,

    /// <summary>What cannot be told of several: how many different ones there are, since they may be the same.</summary>
    Apart,
}

/// <summary>What a table of a query is made of.</summary>
internal sealed record TableShape
{
    /// <summary>One a column.</summary>
    public required IReadOnlyList<ColumnRole> Roles { get; init; }

    /// <summary>Whether rows of several appliances may be of the same thing; a subnet is an appliance's own.</summary>
    public required bool IsShared { get; init; }

    /// <summary>Whether all rows are shown, in order of time.</summary>
    public bool IsByTime { get; init; }

    /// <summary>Most rows; null takes the question's.</summary>
    public int? Top { get; init; }
}
