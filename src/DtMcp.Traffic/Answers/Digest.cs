using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Answers;

/// <summary>
/// What was found, before it becomes text: what was asked of what, totals, tables, notes, next calls. Pure data; every rendering comes
/// from it. The JSON form has the same members in the same order.
/// </summary>
public sealed record Digest
{
    public required string Tool { get; init; }

    public required Scope Scope { get; init; }

    /// <summary>The device asked about (did, ip, hostname, devicelabel, os, type, macaddress, vendor, tags), or null.</summary>
    public IReadOnlyList<Field>? Device { get; init; }

    /// <summary>What <see cref="Device"/> is: <c>device</c> or <c>endpoint</c>.</summary>
    public string DeviceWord { get; init; } = "device";

    /// <summary>In the order they are shown. Unknown values are left out.</summary>
    public required IReadOnlyList<Field> Totals { get; init; }

    public required IReadOnlyList<Table> Tables { get; init; }

    /// <summary>Where the next page starts, or null.</summary>
    public string? Cursor { get; init; }

    /// <summary>
    /// Where the next page starts after so many rows shown of the first table, or null after the last row. A budget may show fewer than
    /// were analysed.
    /// </summary>
    public Func<int, string?>? CursorAfter { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>One or two calls worth making next, ready to copy: <c>tool name=value</c>.</summary>
    public IReadOnlyList<string> Next { get; init; } = [];
}

/// <summary>What an answer is about.</summary>
public sealed record Scope
{
    /// <summary>The appliance's name: its host, or <c>demo</c>.</summary>
    public required string Appliance { get; init; }

    /// <summary>The resolved window, or null for a question without one.</summary>
    public TimeWindow? Window { get; init; }

    /// <summary>The zone that times are shown in.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Filters as asked, in the API's names.</summary>
    public IReadOnlyList<Field> Filters { get; init; } = [];

    /// <summary><c>flows</c>, <c>connectivity</c>, <c>records</c>, <c>series</c>, or null where no evidence is read.</summary>
    public string? Evidence { get; init; }

    public long? ConnectionsRead { get; init; }

    /// <summary>Age of what was read, in seconds; 0 when it was read for this answer.</summary>
    public long CachedSeconds { get; init; }

    /// <summary>Whether the records are made up (<c>--demo</c>).</summary>
    public bool Synthetic { get; init; }
}

/// <summary>A name and a value.</summary>
public readonly record struct Field(string Name, Cell Value);

/// <summary>A table: the first rows of <see cref="Of"/> in all, largest first.</summary>
public sealed record Table
{
    public required string Name { get; init; }

    /// <summary>The measure that the rows are sorted by, for the reader: <c>by bytes</c>.</summary>
    public string? SortedBy { get; init; }

    /// <summary>Rows that the whole table has.</summary>
    public required long Of { get; init; }

    /// <summary>Whether it may have more rows than that: only the commonest were listed.</summary>
    public bool MayHaveMore { get; init; }

    /// <summary>Whether its rows are findings or breaches, of which some stay whatever else is cut.</summary>
    public bool IsVerdict { get; init; }

    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Each as long as <see cref="Columns"/>; an absent cell is unknown.</summary>
    public required IReadOnlyList<IReadOnlyList<Cell>> Rows { get; init; }

    /// <summary>How it is put together with that of another appliance; null for a table that is no query's.</summary>
    internal TableShape? Shape { get; init; }

    /// <summary>Row lists (ports) hold at most this many values before <c>NAME_of</c> says how many there are.</summary>
    public const int MaxListed = 8;
}
