using DtMcp.Simulator.Setup;

namespace DtMcp.Simulator.Hosting;

/// <summary>The last requests, and how they were answered.</summary>
internal sealed class RequestLog(Action<RequestLogEntry>? onRequest)
{
    private const int Most = 10_000;

    private readonly Queue<RequestLogEntry> _entries = new();
    private readonly Lock _gate = new();

    public IReadOnlyList<RequestLogEntry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    public void Add(RequestLogEntry entry)
    {
        lock (_gate)
        {
            if (_entries.Count == Most)
            {
                _entries.Dequeue();
            }

            _entries.Enqueue(entry);
        }

        onRequest?.Invoke(entry);
    }
}
