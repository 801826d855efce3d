namespace DtMcp.Darktrace.Requests;

/// <summary>On which side of the network's edge a connection is: <c>intext</c>.</summary>
public enum TrafficSide
{
    /// <summary>Between two ends inside.</summary>
    Internal,

    /// <summary>With an end outside.</summary>
    External,
}

/// <summary>The words for the sides, as the appliance takes them and answers repeat them.</summary>
public static class TrafficSides
{
    /// <summary>A word for each, in their order.</summary>
    public static IReadOnlyList<string> Words { get; } = ["internal", "external"];

    /// <summary>The side of one of <see cref="Words"/>; null for none.</summary>
    public static TrafficSide? Of(string? word) =>
        word == Words[0] ? TrafficSide.Internal : word == Words[1] ? TrafficSide.External : null;

    public static string Word(this TrafficSide side) => Words[(int)side];
}
