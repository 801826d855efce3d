namespace DtMcp.Serving.Access;

/// <summary>The authorization server's keys cannot be had. The message is our own, with nothing of what it answered.</summary>
internal sealed class IssuerException(string message) : Exception(message);
