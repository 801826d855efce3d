namespace DtMcp.Darktrace.Sending;

/// <summary>
/// So many places at once, and lanes that take turns for them: a free place goes to the lane that was let in longest ago, within a lane
/// first come, first served. One who takes several places at once is not passed by those who need fewer. Safe for use by many at once.
/// </summary>
/// <param name="places">How many there are.</param>
/// <param name="mostOfLane">How many one lane may have; all of them where nothing is to be kept for others.</param>
public sealed class FairPlaces(int places, int mostOfLane = int.MaxValue)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private readonly Dictionary<object, int> _inside = [];

    // When each lane was let in last, by a counter. Forgotten when nobody waits: then there is nothing to share.
    private readonly Dictionary<object, long> _turns = [];
    private readonly int _places = places;
    private int _free = places;
    private long _turn;

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

    /// <summary>Waits for a place, or for several; they are given back by disposing of what is returned, once.</summary>
    /// <param name="lane">Whose turn it takes.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="size">How many it takes; more than there are is all of them.</param>
    public async Task<IDisposable> EnterAsync(Lane? lane, CancellationToken cancellationToken, int size = 1)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new Waiter(lane, Math.Clamp(size, 1, _places));
        lock (_lock)
        {
            var node = _waiting.AddLast(waiter);
            LetIn();
            if (node.List is null)
            {
                return waiter.Entered.Task.Result;
            }
        }

        try
        {
            return await waiter.Entered.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                if (!_waiting.Remove(waiter))
                {
                    // It was let in meanwhile.
                    waiter.Entered.Task.Result.Dispose();
                }
            }

            throw;
        }
    }

    private void Leave(object turn, int size)
    {
        lock (_lock)
        {
            _free += size;
            if (--_inside[turn] == 0)
            {
                _inside.Remove(turn);
            }

            LetIn();
        }
    }

    private void LetIn()
    {
        while (_free > 0 && Next() is { } next && next.Value.Size <= _free)
        {
            _waiting.Remove(next);
            var turn = Lane.TurnOf(next.Value.Lane);
            _turns[turn] = ++_turn;
            _inside[turn] = _inside.GetValueOrDefault(turn) + 1;
            _free -= next.Value.Size;
            next.Value.Entered.SetResult(new Place(this, turn, next.Value.Size));
        }

        if (_waiting.Count == 0 && _free > 0)
        {
            _turns.Clear();
        }
    }

    // The lane is looked at now: a question that others have joined since takes other turns. Some hundreds wait at most.
    private LinkedListNode<Waiter>? Next()
    {
        LinkedListNode<Waiter>? next = null;
        var longest = long.MaxValue;
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            var turn = Lane.TurnOf(node.Value.Lane);
            if (_turns.GetValueOrDefault(turn) is var last && last < longest && _inside.GetValueOrDefault(turn) < mostOfLane)
            {
                (next, longest) = (node, last);
            }
        }

        return next;
    }

    private sealed record Waiter(Lane? Lane, int Size)
    {
        public TaskCompletionSource<Place> Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Place(FairPlaces places, object turn, int size) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
            {
                places.Leave(turn, size);
            }
        }
    }
}
