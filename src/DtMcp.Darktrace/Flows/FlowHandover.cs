using System.Collections.Concurrent;

namespace DtMcp.Darktrace.Flows;

/// <summary>
/// Shows rows that nobody keeps to their consumer on another thread while the next are read: one chunk at a time, in order. Nobody ever
/// waits for a free thread: when too many chunks wait, the reading thread shows them itself.
/// </summary>
internal sealed class FlowHandover(FlowSet flows, IFlowConsumer consumer)
{
    /// <summary>Enough to smooth the two threads' pace; more only holds memory, 0.7 MB a chunk.</summary>
    private const int MaxWaiting = 4;

    private readonly ConcurrentQueue<FlowChunk> _waiting = [];
    private readonly ConcurrentBag<FlowChunk> _spare = [];
    private readonly Lock _turn = new();
    private Task _showing = Task.CompletedTask;
    private int _isShowing;
    private bool _isBroken;

    /// <summary>A chunk that was shown and may be filled anew.</summary>
    public FlowChunk? Spare() => _spare.TryTake(out var chunk) ? chunk : null;

    public void Show(FlowChunk chunk)
    {
        _waiting.Enqueue(chunk);
        if (_waiting.Count > MaxWaiting)
        {
            ShowAll();
        }
        else if (Interlocked.Exchange(ref _isShowing, 1) == 0)
        {
            _showing = Task.Run(ShowBeside);
        }
    }

    /// <summary>Shows what waits; returns once all of it was seen. What the consumer threw on the other thread is thrown here.</summary>
    public void ShowAll()
    {
        if (!TryShowAll())
        {
            _showing.GetAwaiter().GetResult();
            throw new InvalidOperationException("The consumer of these rows has failed before.");
        }
    }

    private void ShowBeside()
    {
        while (TryShowAll())
        {
            Interlocked.Exchange(ref _isShowing, 0);
            if (_waiting.IsEmpty || Interlocked.Exchange(ref _isShowing, 1) != 0)
            {
                return;
            }
        }
    }

    // False when the consumer has thrown: it sees nothing more.
    private bool TryShowAll()
    {
        lock (_turn)
        {
            if (_isBroken)
            {
                return false;
            }

            _isBroken = true;
            while (_waiting.TryDequeue(out var chunk))
            {
                consumer.Consume(flows, chunk);
                _spare.Add(chunk);
            }

            _isBroken = false;
            return true;
        }
    }
}
