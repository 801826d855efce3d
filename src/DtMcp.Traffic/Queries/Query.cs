namespace DtMcp.Traffic.Queries;

/// <summary>A table that is wanted: groups of connections with what is told of each, the first of them by a measure.</summary>
internal sealed record TableQuery
{
    public required string Name { get; init; }

    public required Dimension By { get; init; }

    /// <summary>A second dimension: groups are then pairs of both.</summary>
    public Dimension? Then { get; init; }

    /// <summary>
    /// Whether every measure is told of every dimension, which takes longer than sums by one small number; pairs always are.
    /// </summary>
    public bool IsFree
    {
        get => field || Then is not null;
        init;
    }

    /// <summary>Whether the smallest comes first.</summary>
    public bool IsAscending { get; init; }

    public Terms Where { get; init; }

    /// <summary>The columns in order. Those that the evidence does not know are left out; a table without any measure left goes.</summary>
    public required IReadOnlyList<Column> Columns { get; init; }

    /// <summary>
    /// Largest first. Of measures that are not known the first known among bytes and connections takes the place. Hours are in order of
    /// time.
    /// </summary>
    public MeasureKind OrderBy { get; init; } = MeasureKind.Bytes;

    /// <summary>Whether connections whose key is unknown have a row of their own.</summary>
    public bool WithUnknown { get; init; }

    /// <summary>Most rows; null takes the question's.</summary>
    public int? Top { get; init; }

    /// <summary>Whether it is wanted of the vendor guide's tables only, since over rows other tables tell more.</summary>
    public bool IsOfTables { get; init; }

    /// <summary>What is told in its place where the evidence turns out not to know it.</summary>
    public TableQuery? Otherwise { get; init; }
}

/// <summary>One figure over all connections that meet some terms.</summary>
internal sealed record TotalQuery(string Name, Measure Measure, Terms Where = Terms.None)
{
    /// <summary>Whether it is wanted for a note or a next call only and not shown.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Whether it is wanted of the vendor guide's tables only.</summary>
    public bool IsOfTables { get; init; }
}

/// <summary>
/// All that an investigation wants of one window: figures and tables, said once. Executors answer it, each from its kind of evidence.
/// </summary>
internal sealed record Query
{
    /// <summary>
    /// Whether the ends that count as the device are those in the subnet asked about, whichever device was asked about besides.
    /// </summary>
    public bool IsAboutSubnet { get; init; }

    /// <summary>
    /// Whether every group is wanted (<see cref="GroupSet"/>), to be compared with another window's, and not only the first of each table.
    /// </summary>
    public bool IsCompared { get; init; }

    public IReadOnlyList<TotalQuery> Totals { get; init; } = [];

    public required IReadOnlyList<TableQuery> Tables { get; init; }
}
