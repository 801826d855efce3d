namespace DtMcp.Darktrace.Sending;

/// <summary>
/// Whose turn a request takes where many share an appliance, and how much was asked in it. It flows with the call, through whatever is
/// asked for it; a call without one is in the lane of all others without. A lane says nothing of who is in it.
/// </summary>
public sealed class Lane
{
    private static readonly AsyncLocal<Lane?> Flowing = new();
    private static readonly object Nobody = new();

    private readonly Lock _lock = new();
    private readonly HashSet<object> _owners;
    private volatile Lane[] _waiting = [];
    private volatile object _turn;
    private long _requests;
    private long _rows;
    private long _bytes;

    private Lane(object owner) => (_turn, _owners) = (owner, [owner]);

    /// <summary>The lane of the call that runs; null for that of all without.</summary>
    public static Lane? Current => Flowing.Value;

    /// <summary>
    /// Requests sent, each attempt one; connections read; bytes of answers read, unpacked. What is asked for several calls counts for each
    /// of them that waits for it.
    /// </summary>
    public (long Requests, long Connections, long Bytes) Used =>
        (Interlocked.Read(ref _requests), Interlocked.Read(ref _rows), Interlocked.Read(ref _bytes));

    /// <summary>Whose turn is taken: requests with the same one wait for each other.</summary>
    internal static object TurnOf(Lane? lane) => lane?._turn ?? Nobody;

    /// <summary>The lane of an owner; the same text is the same lane.</summary>
    public static Lane Of(string owner) => new(owner);

    /// <summary>
    /// A lane with a count of its own, for a part of what is asked or for work that others may come to wait for as well. At first it takes
    /// the turns of the call that runs.
    /// </summary>
    public static Lane Beneath() => new(TurnOf(Current));

    /// <summary>From here on, what the call asks that runs takes the turns of a lane.</summary>
    public static void Enter(Lane? lane) => Flowing.Value = lane;

    /// <summary>
    /// Somebody waits for this work. When they come from another lane than who waits already, it takes turns of its own from then on:
    /// nobody waits behind what another has asked besides.
    /// </summary>
    public void Join(Lane? other)
    {
        lock (_lock)
        {
            if (_owners.Add(TurnOf(other)) && _owners.Count == 2)
            {
                _turn = new object();
            }

            if (other is not null)
            {
                _waiting = [.. _waiting, other];
            }
        }
    }

    /// <summary>Who joined does not wait any more.</summary>
    public void Leave(Lane? other)
    {
        lock (_lock)
        {
            var at = Array.IndexOf(_waiting, other);
            _waiting = at < 0 ? _waiting : [.. _waiting[..at], .. _waiting[(at + 1)..]];
        }
    }

    /// <summary>Whether somebody of <paramref name="other"/>'s lane waits, or has waited, for this work.</summary>
    public bool Holds(Lane? other)
    {
        lock (_lock)
        {
            return _owners.Contains(TurnOf(other));
        }
    }

    internal void Count(int requests = 0, long rows = 0, int bytes = 0)
    {
        Interlocked.Add(ref _requests, requests);
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _bytes, bytes);
        foreach (var lane in _waiting)
        {
            lane.Count(requests, rows, bytes);
        }
    }
}
