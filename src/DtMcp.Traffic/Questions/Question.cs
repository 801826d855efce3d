using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Traffic.Questions;

/// <summary>How much an answer may cost, counted with the o200k tokenizer: brief 600, normal 2,000, full 8,000.</summary>
public enum Detail
{
    Brief,
    Normal,
    Full,
}

/// <summary>Form of an answer.</summary>
public enum AnswerFormat
{
    Markdown,
    Csv,
    Json,
}

/// <summary>What a tool call asks for, validated and resolved: the window is absolute, names are still names.</summary>
public sealed record Question
{
    /// <summary>What is to be found out.</summary>
    public required Investigation Investigation { get; init; }

    /// <summary>Filters of <c>/network</c>, without the window.</summary>
    public NetworkQuery Filters { get; init; } = new();

    /// <summary>Filters that select rows here.</summary>
    public RowConditions Conditions { get; init; } = RowConditions.None;

    /// <summary>The length of the intervals that a course over time is told in; null where none is asked for.</summary>
    public TimeSpan? Interval { get; init; }

    public required TimeWindow Window { get; init; }

    /// <summary>The zone of the asked times, which the answer's times and hours are told in.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Whether the window was asked as "the last ...": a capture that ends a moment earlier will then do.</summary>
    public bool IsRelative { get; init; }

    /// <summary>Whether a window was given at all; without one it is the last 24 hours.</summary>
    public bool HasWindow { get; init; }

    /// <summary>A device by host name, label, MAC or address, to be resolved to its did.</summary>
    public string? Hostname { get; init; }

    public AddressRange? Subnet { get; init; }

    /// <summary>A subnet by its label, to be resolved to its sid.</summary>
    public string? SubnetName { get; init; }

    /// <summary>Most rows of one table; null takes the detail level's (5, 10, 50).</summary>
    public int? Limit { get; init; }

    public string? Cursor { get; init; }

    /// <summary>The order of rows; null is that of time.</summary>
    public RowSort? Sort { get; init; }

    public Detail Detail { get; init; } = Detail.Normal;

    public AnswerFormat Format { get; init; } = AnswerFormat.Markdown;

    /// <summary>The evidence that is asked for.</summary>
    public EvidenceWish Evidence { get; init; }

    /// <summary>Asks the appliance anew even where a capture would serve.</summary>
    public bool Refresh { get; init; }

    /// <summary>Marks the cursors of the caller; null where whoever asks has the program to themselves.</summary>
    public ICursorSeal? Seal { get; init; }

    /// <summary>The tools that whoever asks has; null for all.</summary>
    public OwnTools? Tools { get; init; }

    /// <summary>
    /// Rows of a table that is put together with those of other appliances: all of most tables. Of one that has more, rows stay those of
    /// each appliance. 50,000 rows are some 30 MB.
    /// </summary>
    internal const int MostJoined = 50_000;

    /// <summary>Whether its answer is put together with those of other appliances.</summary>
    internal bool IsJoined { get; init; }

    /// <summary>Lifts the token budget and the caps of row lists (the command line only).</summary>
    public bool NoBudget { get; init; }
}

/// <summary>An answer ready to send: the text, and the JSON form when it was asked for (<c>format=json</c>).</summary>
public sealed record Answer(string Text, string? Json)
{
    /// <summary>Whether something was left out to fit the budget; the text says what.</summary>
    public bool IsCut { get; init; }
}
