namespace DtMcp.Darktrace.Sending;

/// <summary>
/// Whose turn a request takes where many share an appliance. It flows with the call, through whatever is asked for it; a call without one
/// is in the lane of all others without. A lane says nothing of who is in it.
/// </summary>
public sealed class Lane
{
    private static readonly AsyncLocal<Lane?> Flowing = new();
    private static readonly object Nobody = new();

    private readonly Lock _lock = new();
    private readonly HashSet<object> _in;
    private volatile object _turn;

    private Lane(object owner) => (_turn, _in) = (owner, [owner]);

    /// <summary>The lane of the call that runs; null for that of all without.</summary>
    public static Lane? Current => Flowing.Value;

    /// <summary>Whose turn is taken: requests with the same one wait for each other.</summary>
    internal static object TurnOf(Lane? lane) => lane?._turn ?? Nobody;

    /// <summary>The lane of an owner; the same text is the same lane.</summary>
    public static Lane Of(string owner) => new(owner);

    /// <summary>A lane for work that others may come to wait for as well: at first it takes the turns of the call that begins it.</summary>
    public static Lane OfSharedWork() => new(TurnOf(Current));

    /// <summary>From here on, what the call asks that runs takes the turns of a lane.</summary>
    public static void Enter(Lane? lane) => Flowing.Value = lane;

    /// <summary>
    /// Somebody else waits for this work, too. From another lane it then takes turns of its own: nobody waits behind what another has asked
    /// besides.
    /// </summary>
    public void Join(Lane? other)
    {
        lock (_lock)
        {
            if (_in.Add(TurnOf(other)) && _in.Count == 2)
            {
                _turn = new object();
            }
        }
    }

    /// <summary>Whether whoever is in <paramref name="other"/> waits for this work.</summary>
    public bool Holds(Lane? other)
    {
        lock (_lock)
        {
            return _in.Contains(TurnOf(other));
        }
    }
}
