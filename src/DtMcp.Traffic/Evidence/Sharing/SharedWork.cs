using DtMcp.Darktrace.Sending;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence.Sharing;

/// <summary>
/// Work under way (a reading, an analysis) that several callers wait for. Progress goes to all of them; it is cancelled when the last
/// one leaves.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001",
    Justification = "A source without a timer or a wait handle holds nothing; late leavers may still cancel it.")]
internal sealed class SharedWork<T> : IProgress<AskProgress>
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IProgress<AskProgress>?> _waiting = [];
    private readonly Lane _lane = Lane.Beneath();

    /// <summary>Whether another caller may still join.</summary>
    public bool IsOpen => !_stop.IsCancellationRequested;

    public Task<T> Task { get; private set; } = null!;

    /// <summary>Whether the call that runs shares its lane with one that waits already.</summary>
    public bool IsOfOwnLane => _lane.Holds(Lane.Current);

    public void Start(Func<CancellationToken, Task<T>> work) => Task = System.Threading.Tasks.Task.Run(() =>
    {
        Lane.Enter(_lane);
        return work(_stop.Token);
    });

    public void Join(IProgress<AskProgress>? progress)
    {
        _lane.Join(Lane.Current);
        lock (_waiting)
        {
            _waiting.Add(progress);
        }
    }

    /// <summary>True when nobody waits any more.</summary>
    public bool Leave(IProgress<AskProgress>? progress)
    {
        _lane.Leave(Lane.Current);
        lock (_waiting)
        {
            _waiting.Remove(progress);
            if (_waiting.Count > 0)
            {
                return false;
            }
        }

        if (!Task.IsCompleted)
        {
            _stop.Cancel();
        }

        return true;
    }

    public void Report(AskProgress value)
    {
        IProgress<AskProgress>?[] waiting;
        lock (_waiting)
        {
            waiting = [.. _waiting];
        }

        foreach (var progress in waiting)
        {
            progress?.Report(value);
        }
    }
}
