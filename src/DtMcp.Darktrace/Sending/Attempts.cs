using System.Net;

namespace DtMcp.Darktrace.Sending;

/// <summary>What the attempts at one request came to. It travels with the request through the handlers.</summary>
internal sealed class Attempts(TimeProvider timeProvider, TimeSpan timeout)
{
    internal static readonly HttpRequestOptionsKey<Attempts> Key = new("DtMcp.Attempts");

    private readonly long _started = timeProvider.GetTimestamp();

    internal int Count { get; private set; }

    /// <summary>
    /// The last status that was answered: while another attempt is waited for or under way it is the one before. Null where none came, or
    /// the last attempt broke.
    /// </summary>
    internal HttpStatusCode? LastStatus { get; set; }

    internal TimeSpan Elapsed => timeProvider.GetElapsedTime(_started);

    internal TimeSpan Left => timeout - Elapsed;

    internal void Begin()
    {
        Count++;
        Lane.Current?.Count(requests: 1);
    }
}
