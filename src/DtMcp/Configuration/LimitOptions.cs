namespace DtMcp.Configuration;

/// <summary>How much <c>serve</c> takes on. A user is a subject that is known; with <see cref="IdentityKind.None"/> nobody is.</summary>
internal sealed record LimitOptions
{
    // An assistant makes a call every few seconds, some at once; ten a second is a program that runs away.
    public int RatePerUser { get; init; } = 600;

    /// <summary>Requests a minute of all; 0 for any.</summary>
    public int Rate { get; init; }

    // More at once than an assistant starts, less than what fills the server.
    public int ConcurrencyPerUser { get; init; } = 32;

    // With a request of 1 MiB each, a quarter of the memory that captures have.
    public int Concurrency { get; init; } = 256;

    /// <summary>How long a request may take to come in, first the head, then the body.</summary>
    public TimeSpan Incoming { get; init; } = TimeSpan.FromSeconds(30);

    // Clients wait four minutes at most; what goes on after them is for nobody.
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(300);

    // Kubernetes gives 30 s between the word to end and the end.
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(25);
}
