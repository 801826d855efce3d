namespace DtMcp.Traffic.Queries;

/// <summary>What can be told of a group of connections. A closed set, as <see cref="Dimension"/>.</summary>
internal enum MeasureKind
{
    Connections,

    /// <summary>Bytes of both directions.</summary>
    Bytes,

    /// <summary>Bytes received by the device (<see cref="Dimension.Device"/>).</summary>
    BytesIn,

    /// <summary>Bytes sent by the device.</summary>
    BytesOut,
    Packets,

    /// <summary>Connections whose state is known and not established.</summary>
    Failed,

    /// <summary>The share of all connections of the question, in percent.</summary>
    Percent,

    /// <summary>The share of all bytes of the question, in percent.</summary>
    PercentOfBytes,

    /// <summary>How many different values of another dimension.</summary>
    Distinct,

    /// <summary>The busiest values of another dimension.</summary>
    List,

    /// <summary>The first start.</summary>
    First,

    /// <summary>The last start.</summary>
    Last,

    /// <summary>What the appliance calls the size: bytes, or what else the metric asked counts (the vendor guide's tables).</summary>
    Size,
}

/// <summary>
/// A measure; of another dimension where it is distinct or a list, and then over the connections that meet <paramref name="Where"/>
/// besides.
/// </summary>
internal readonly record struct Measure(MeasureKind Kind, Dimension Of = Dimension.Endpoint, Terms Where = Terms.None)
{
    public static implicit operator Measure(MeasureKind kind) => new(kind);

    public static Measure Distinct(Dimension of, Terms where = Terms.None) => new(MeasureKind.Distinct, of, where);

    public static Measure List(Dimension of, Terms where = Terms.None) => new(MeasureKind.List, of, where);
}
