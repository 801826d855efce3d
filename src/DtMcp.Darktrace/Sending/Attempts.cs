using System.Net;

namespace DtMcp.Darktrace.Sending;

/// <summary>What the attempts at one request came to. It travels with the request through the handlers.</summary>
internal sealed class Attempts(TimeProvider timeProvider, TimeSpan timeout)
{
    internal static readonly HttpRequestOptionsKey<Attempts> Key = new("DtMcp.Attempts");

    private readonly long _started = timeProvider.GetTimestamp();

    internal int Count { get; private set; }

    /// <summary>Status of the last attempt, or null when it gave none.</summary>
    internal HttpStatusCode? LastStatus { get; set; }

    /// <summary>Whether the next attempt is being waited for.</summary>
    internal bool IsWaiting { get; set; }

    internal TimeSpan Elapsed => timeProvider.GetElapsedTime(_started);

    internal TimeSpan Left => timeout - Elapsed;

    internal void Begin()
    {
        Count++;
        IsWaiting = false;
        LastStatus = null;
    }
}
