using DtMcp.Traffic.Queries;

namespace DtMcp.Traffic.Investigations;

/// <summary>What <c>aggregate_traffic</c> groups by and measures, by the words that people use.</summary>
public static class AggregateWords
{
    private static readonly (string Word, Dimension Dimension)[] Dimensions =
    [
        ("device", Dimension.Device), ("source", Dimension.Source), ("destination", Dimension.Destination), ("peer", Dimension.Peer),
        ("country", Dimension.Country), ("asn", Dimension.Asn), ("name", Dimension.Name), ("subnet", Dimension.DeviceSubnet),
        ("protocol", Dimension.Protocol), ("applicationprotocol", Dimension.ApplicationProtocol), ("port", Dimension.DestinationPort),
        ("state", Dimension.State), ("direction", Dimension.Direction), ("hour", Dimension.Hour), ("interval", Dimension.Interval),
    ];

    private static readonly (string Word, MeasureKind Kind)[] Measures =
    [
        ("connections", MeasureKind.Connections), ("bytes", MeasureKind.Bytes), ("bytes_in", MeasureKind.BytesIn),
        ("bytes_out", MeasureKind.BytesOut), ("packets", MeasureKind.Packets), ("failed", MeasureKind.Failed),
        ("peers", MeasureKind.Distinct), ("first", MeasureKind.First), ("last", MeasureKind.Last),
    ];

    /// <summary>What groups can be made by.</summary>
    public static IReadOnlyList<string> By { get; } = [.. Dimensions.Select(pair => pair.Word)];

    /// <summary>What can be told of a group.</summary>
    public static IReadOnlyList<string> Measure { get; } = [.. Measures.Select(pair => pair.Word)];

    internal static Dimension DimensionOf(string word) => Dimensions.First(pair => pair.Word == word).Dimension;

    internal static MeasureKind MeasureOf(string word) => Measures.First(pair => pair.Word == word).Kind;
}
