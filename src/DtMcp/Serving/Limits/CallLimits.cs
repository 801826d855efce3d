using DtMcp.Configuration;

namespace DtMcp.Serving.Limits;

/// <summary>Why a request is not taken now, and when to come again.</summary>
internal sealed record Overload(int Status, int RetryAfter, string Text);

/// <summary>
/// How many requests are taken at once and a minute, of one user and of all, so that one does not take what the others need; and the end,
/// when none is taken any more and those that run are waited for.
/// </summary>
internal sealed class CallLimits(LimitOptions options, TimeProvider clock)
{
    // Users that ask nothing any more are forgotten when there are so many.
    private const int MostUsers = 10_000;

    private const int SecondsToDrain = 5;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, User> _users = new(StringComparer.Ordinal);
    private readonly Allowance _all = new(options.Rate, clock);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;

    private sealed class User(int rate, TimeProvider clock)
    {
        public Allowance Allowance { get; } = new(rate, clock);

        public int Running { get; set; }
    }

    public bool IsDraining { get; private set; }

    /// <summary>Takes a request on; whoever is taken on must <see cref="Leave"/>.</summary>
    /// <param name="name">The user, or null when nobody is known.</param>
    /// <returns>Null when it is taken.</returns>
    public Overload? TryEnter(string? name)
    {
        lock (_lock)
        {
            if (IsDraining)
            {
                return new Overload(StatusCodes.Status503ServiceUnavailable, SecondsToDrain, "This server is about to end.");
            }

            if (_running >= options.Concurrency)
            {
                return TooMany(1, "This server answers as many requests as it can.");
            }

            var user = name is null ? null : Of(name);
            if (user?.Running >= options.ConcurrencyPerUser)
            {
                return TooMany(1, FormattableString.Invariant($"{options.ConcurrencyPerUser} requests of yours are being answered."));
            }

            if (user?.Allowance.SecondsToWait() is > 0 and var own)
            {
                return TooMany(own, FormattableString.Invariant($"You have asked more than {options.RatePerUser} times a minute."));
            }

            if (_all.SecondsToWait() is > 0 and var all)
            {
                return TooMany(all, "This server was asked more often than it may be.");
            }

            user?.Allowance.Take();
            _all.Take();
            _running++;
            if (user is not null)
            {
                user.Running++;
            }

            return null;
        }
    }

    public void Leave(string? name)
    {
        lock (_lock)
        {
            _running--;
            if (name is not null)
            {
                _users[name].Running--;
            }

            if (IsDraining && _running == 0)
            {
                _drained.TrySetResult();
            }
        }
    }

    /// <summary>Takes no more; completes when those that run have left.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
        {
            IsDraining = true;
            if (_running == 0)
            {
                _drained.TrySetResult();
            }

            return _drained.Task;
        }
    }

    private static Overload TooMany(int retryAfter, string text) => new(StatusCodes.Status429TooManyRequests, retryAfter, text);

    private User Of(string name)
    {
        if (_users.TryGetValue(name, out var known))
        {
            return known;
        }

        if (_users.Count >= MostUsers)
        {
            foreach (var (idle, user) in _users)
            {
                if (user.Running == 0 && user.Allowance.IsWhole())
                {
                    _users.Remove(idle);
                }
            }
        }

        return _users[name] = new User(options.RatePerUser, clock);
    }
}
