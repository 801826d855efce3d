using DtMcp.Darktrace.Errors;

namespace DtMcp.Traffic;

/// <summary>
/// Lets analyses and rendering in by the bytes that they are about to hold, so that fifty large questions at once wait for each other
/// instead of for memory. First come, first served: a large one is not passed by small ones for ever. Who waits too long is told so.
/// </summary>
/// <param name="capacity">Bytes that may be in flight. More than all of it goes in alone.</param>
/// <param name="longestWait">How long one waits before it is refused.</param>
/// <param name="time">The clock of the waiting.</param>
internal sealed class WorkGate(long capacity, TimeSpan longestWait, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private long _inside;

    /// <summary>
    /// One for all investigators of the process. With as much again for the collector's garbage it keeps the program within a gigabyte.
    /// </summary>
    public static WorkGate OfProcess { get; } = new(256L << 20, TimeSpan.FromSeconds(60), TimeProvider.System);

    /// <summary>Bytes in flight.</summary>
    public long Inside
    {
        get
        {
            lock (_lock)
            {
                return _inside;
            }
        }
    }

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Waits for room. To be disposed when the work is done.</summary>
    /// <exception cref="ApplianceException">No room came in time.</exception>
    public async Task<IDisposable> EnterAsync(long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new Waiter(Math.Clamp(bytes, 0, capacity));
        LinkedListNode<Waiter> place;
        lock (_lock)
        {
            place = _waiting.AddLast(waiter);
            LetIn();
        }

        try
        {
            await waiter.Entered.Task.WaitAsync(longestWait, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception gaveUp) when (gaveUp is TimeoutException or OperationCanceledException)
        {
            lock (_lock)
            {
                if (place.List is null)
                {
                    _inside -= waiter.Bytes;
                }
                else
                {
                    _waiting.Remove(place);
                }

                LetIn();
            }

            if (gaveUp is TimeoutException)
            {
                throw new ApplianceException(
                    ApplianceError.Busy,
                    "DtMcp answers so many large questions at once that this one found no room in time.",
                    "Ask again in a minute, one question after the other, or a shorter window or a filter.");
            }

            throw;
        }

        return new Pass(this, waiter.Bytes);
    }

    private void Leave(long bytes)
    {
        lock (_lock)
        {
            _inside -= bytes;
            LetIn();
        }
    }

    private void LetIn()
    {
        while (_waiting.First is { } first && _inside + first.Value.Bytes <= capacity)
        {
            _waiting.RemoveFirst();
            _inside += first.Value.Bytes;
            first.Value.Entered.SetResult();
        }
    }

    private sealed record Waiter(long Bytes)
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Pass(WorkGate gate, long bytes) : IDisposable
    {
        private long _bytes = bytes;

        public void Dispose() => gate.Leave(Interlocked.Exchange(ref _bytes, 0));
    }
}
