namespace DtMcp.Traffic.Questions.Conditions;

/// <summary>What became of a connection.</summary>
public enum ConnectionState
{
    Established,

    /// <summary>Known not to have been established: unanswered, refused, or seen from one side only.</summary>
    Failed,
}

/// <summary>The words for states.</summary>
public static class ConnectionStates
{
    /// <summary>A word for each, in their order.</summary>
    public static IReadOnlyList<string> Words { get; } = ["established", "failed"];

    public static ConnectionState? Of(string? word) =>
        word == Words[0] ? ConnectionState.Established : word == Words[1] ? ConnectionState.Failed : null;

    public static string Word(this ConnectionState state) => Words[(int)state];
}
