namespace DtMcp.Darktrace.Sending;

/// <summary>
/// So many places at once, and lanes that take turns for them: a free place goes to the lane that was let in longest ago, within a lane
/// first come, first served. Nothing is kept free: one lane alone has all places.
/// </summary>
internal sealed class FairPlaces(int places)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = [];

    // When each lane was let in last, by a counter. Forgotten when nobody waits: then there is nothing to share.
    private readonly Dictionary<object, long> _turns = [];
    private int _free = places;
    private long _turn;

    /// <summary>How many wait.</summary>
    internal int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Waits for a place, which is to be given back by <see cref="Leave"/>.</summary>
    internal async Task EnterAsync(Lane? lane, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<Waiter> waiter;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                Serve(lane);
                return;
            }

            waiter = _waiting.AddLast(new Waiter(lane));
        }

        try
        {
            await waiter.Value.Entered.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                if (waiter.List is not null)
                {
                    _waiting.Remove(waiter);
                    throw;
                }
            }

            // It was let in meanwhile.
            Leave();
            throw;
        }
    }

    internal void Leave()
    {
        lock (_lock)
        {
            if (Next() is not { } next)
            {
                _free++;
                _turns.Clear();
                return;
            }

            _waiting.Remove(next);
            Serve(next.Value.Lane);
            next.Value.Entered.SetResult();
        }
    }

    private void Serve(Lane? lane) => _turns[Lane.TurnOf(lane)] = ++_turn;

    // The lane is looked at now: a question that others have joined since takes other turns. Some hundreds wait at most.
    private LinkedListNode<Waiter>? Next()
    {
        LinkedListNode<Waiter>? next = null;
        var longest = long.MaxValue;
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            var turn = _turns.GetValueOrDefault(Lane.TurnOf(node.Value.Lane));
            if (turn < longest)
            {
                (next, longest) = (node, turn);
            }
        }

        return next;
    }

    private sealed record Waiter(Lane? Lane)
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
