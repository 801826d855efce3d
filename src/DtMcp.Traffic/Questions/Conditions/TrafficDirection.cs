namespace DtMcp.Traffic.Questions.Conditions;

/// <summary>Which way a connection goes, seen from inside.</summary>
public enum TrafficDirection
{
    /// <summary>Between two ends inside.</summary>
    Internal,

    /// <summary>To a destination outside.</summary>
    Outbound,

    /// <summary>From outside to a destination inside.</summary>
    Inbound,
}

/// <summary>The words for directions.</summary>
public static class TrafficDirections
{
    /// <summary>A word for each, in their order.</summary>
    public static IReadOnlyList<string> Words { get; } = ["internal", "outbound", "inbound"];

    public static TrafficDirection? Of(string? word) =>
        Words.Index().Where(pair => pair.Item == word).Select(pair => (TrafficDirection?)pair.Index).FirstOrDefault();

    public static string Word(this TrafficDirection direction) => Words[(int)direction];
}
