namespace DtMcp.Traffic.Queries;

/// <summary>What is known of an endpoint, or of a subnet of the appliance, itself.</summary>
internal enum EndpointAttribute
{
    /// <summary>Its address, or the name it is known by.</summary>
    Ip,
    Did,
    Hostname,
    Country,
    Asn,
    Network,
    Label,
}

/// <summary>A column of a table: the group's key, something known of it, or a measure.</summary>
internal sealed record Column
{
    private Column(string name) => Name = name;

    public string Name { get; }

    /// <summary>What is known of the endpoint; null when the column is a key or a measure.</summary>
    public EndpointAttribute? Attribute { get; private init; }

    public Measure? Measure { get; private init; }

    /// <summary>Whether the column is wanted of the vendor guide's tables only, since over rows other columns tell more.</summary>
    public bool IsOfTables { get; private init; }

    /// <summary>Whether it is of the second dimension (<see cref="TableQuery.Then"/>).</summary>
    public bool IsOfSecond { get; private init; }

    public static Column Ip { get; } = new("ip") { Attribute = EndpointAttribute.Ip };

    public static Column Did { get; } = new("did") { Attribute = EndpointAttribute.Did };

    public static Column Hostname { get; } = new("hostname") { Attribute = EndpointAttribute.Hostname };

    public static Column Country { get; } = new("country") { Attribute = EndpointAttribute.Country };

    public static Column Asn { get; } = new("asn") { Attribute = EndpointAttribute.Asn };

    public static Column Connections { get; } = Of("connections", MeasureKind.Connections);

    public static Column Bytes { get; } = Of("bytes", MeasureKind.Bytes);

    public static Column BytesIn { get; } = Of("bytes_in", MeasureKind.BytesIn);

    public static Column BytesOut { get; } = Of("bytes_out", MeasureKind.BytesOut);

    public static Column Packets { get; } = Of("packets", MeasureKind.Packets);

    public static Column Percent { get; } = Of("percent", MeasureKind.Percent);

    public static Column Network { get; } = new("network") { Attribute = EndpointAttribute.Network };

    public static Column Label { get; } = new("label") { Attribute = EndpointAttribute.Label };

    public static Column Size { get; } = Of("size", MeasureKind.Size);

    /// <summary>The key of a group that is no endpoint.</summary>
    public static Column Key(Dimension by) => new(by.KeyColumn());

    public static Column Of(string name, Measure measure) => new(name) { Measure = measure };

    /// <summary>The same of the table's second dimension, under another name.</summary>
    public Column OfSecond(string name) => new(name) { Attribute = Attribute, IsOfSecond = true };

    /// <summary>The same under another name.</summary>
    public Column Named(string name) => new(name) { Attribute = Attribute, Measure = Measure, IsOfTables = IsOfTables };

    public Column OfTables() => new(Name) { Attribute = Attribute, Measure = Measure, IsOfTables = true };
}
