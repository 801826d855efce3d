using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence.Sharing;

/// <summary>
/// Work under way by what it is for. Who asks for the same meanwhile waits for it instead of doing it again; when the last one waiting
/// gives up, so does the work.
/// </summary>
internal sealed class UnderWay<TKey, T>
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, SharedWork<T>> _works = [];

    /// <param name="key">What is asked for.</param>
    /// <param name="serves">Whether work for another key will do, which is told whether it is of this caller's lane; null when none does.
    /// </param>
    /// <param name="work">The work; its token ends when nobody waits any more.</param>
    /// <param name="progress">Where this caller hears of it.</param>
    /// <param name="cancellationToken">Stops the waiting, and the work when nobody else waits.</param>
    public async Task<T> ShareAsync(
        TKey key, Func<TKey, bool, bool>? serves, Func<IProgress<AskProgress>, CancellationToken, Task<T>> work,
        IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        SharedWork<T> shared;
        lock (_lock)
        {
            var joined = _works.FirstOrDefault(entry =>
                entry.Value.IsOpen && (entry.Key.Equals(key) || serves?.Invoke(entry.Key, entry.Value.IsOfOwnLane) == true)).Value;
            shared = joined ?? new SharedWork<T>();
            shared.Join(progress);
            if (joined is null)
            {
                _works[key] = shared;
                shared.Start(token => RunAsync(key, shared, work, token));
            }
        }

        try
        {
            return await shared.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                if (shared.Leave(progress))
                {
                    Forget(key, shared);
                }
            }
        }
    }

    private async Task<T> RunAsync(TKey key, SharedWork<T> shared, Func<IProgress<AskProgress>, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken)
    {
        try
        {
            return await work(shared, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                Forget(key, shared);
            }
        }
    }

    private void Forget(TKey key, SharedWork<T> shared)
    {
        if (_works.TryGetValue(key, out var current) && ReferenceEquals(current, shared))
        {
            _works.Remove(key);
        }
    }
}
