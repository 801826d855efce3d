namespace DtMcp.Tools.Arguments;

/// <summary>What a parameter's value is, beyond its JSON type.</summary>
internal enum ParameterKind
{
    Text,

    /// <summary>One of a fixed set of words.</summary>
    Choice,

    /// <summary>One or two of a fixed set of words, a comma between them.</summary>
    Words,

    /// <summary>Any of a fixed set of names, commas between them.</summary>
    Names,

    /// <summary>A lone IP address.</summary>
    Address,

    /// <summary>A subnet by its CIDR range, its label or its sid.</summary>
    Subnet,

    /// <summary><c>15m</c>, <c>24h</c>, <c>7d</c>.</summary>
    Duration,

    /// <summary>A length of time up to now, or a word such as <c>yesterday</c>.</summary>
    Span,

    /// <summary>A time as text.</summary>
    TextTime,

    /// <summary>A UTC time in milliseconds since 1970.</summary>
    EpochTime,

    /// <summary>A column name, <c>-</c> before it turns the order.</summary>
    Sort,

    Integer,

    /// <summary>0 to 65535.</summary>
    Port,

    Flag,
}

/// <summary>One parameter of a tool, as a model sees it: a flat type and one short sentence.</summary>
internal sealed record Parameter(string Name, ParameterKind Kind, string Description)
{
    /// <summary>The words that a choice or a sort takes.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>
    /// Whether it is taken but not listed, because a listed one says the same: each listed one is in every conversation, many times over.
    /// </summary>
    public bool IsQuiet { get; init; }

    public long Minimum { get; init; } = long.MinValue;

    public long Maximum { get; init; } = long.MaxValue;

    /// <summary>The JSON schema type; unions and null never appear, because not every client takes them.</summary>
    public string JsonType => Kind switch
    {
        ParameterKind.Integer or ParameterKind.Port or ParameterKind.EpochTime => "integer",
        ParameterKind.Flag => "boolean",
        _ => "string",
    };
}
