using Microsoft.IdentityModel.Tokens;

namespace DtMcp.Serving.Access;

/// <summary>
/// The keys of the authorization server. However many ask, it is asked once at a time and seldom: a stranger with made-up tokens cannot
/// make it work. Keys that were good are used on while it is away.
/// </summary>
internal sealed partial class IssuerKeys(Func<Task<IReadOnlyList<SecurityKey>>> read, TimeProvider clock, ILogger logger)
{
    /// <summary>After a failure it is left alone for so long.</summary>
    public const int SecondsToRetry = 10;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(SecondsToRetry);

    // A key that was withdrawn is used for this long at most.
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    // While the issuer is away: longer than a weekend night, shorter than what a leaked key may live.
    private static readonly TimeSpan Usable = TimeSpan.FromHours(24);

    // Between two readings that an unknown key asks for.
    private static readonly TimeSpan BetweenUnknown = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private IReadOnlyList<SecurityKey> _keys = [];
    private long? _readAt;
    private long? _failedAt;
    private Task? _reading;

    /// <summary>The keys among which the token's is.</summary>
    /// <param name="keyId">The key that the token names; null when it names none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="IssuerException">There are no keys, and none can be had now.</exception>
    public async Task<IReadOnlyList<SecurityKey>> ForAsync(string? keyId, CancellationToken cancellationToken)
    {
        Task? awaited;
        lock (_lock)
        {
            var age = _readAt is { } at ? clock.GetElapsedTime(at) : TimeSpan.MaxValue;
            var isKnown = string.IsNullOrEmpty(keyId) || _keys.Any(key => key.KeyId == keyId);
            var mayRead = _failedAt is not { } failed || clock.GetElapsedTime(failed) >= AfterFailure;
            // Keys are read anew beside the requests; only what cannot be judged without waits for them.
            var mustWait = age >= Usable || (!isKnown && age >= BetweenUnknown);
            if (_reading is null && mayRead && (mustWait || age >= Fresh))
            {
                _reading = ReadAsync();
            }

            awaited = mustWait ? _reading : null;
        }

        if (awaited is not null)
        {
            await awaited.WaitAsync(cancellationToken);
        }

        lock (_lock)
        {
            return _readAt is { } at && clock.GetElapsedTime(at) < Usable
                ? _keys
                : throw new IssuerException("There are no keys of the authorization server.");
        }
    }

    // Never fails: its outcome is in the fields.
    private async Task ReadAsync()
    {
        // Off the caller's back, which holds the lock.
        await Task.Yield();
        IReadOnlyList<SecurityKey>? keys = null;
        try
        {
            keys = await read();
        }
        catch (IssuerException failure)
        {
            Unread(failure.Message);
        }
        finally
        {
            lock (_lock)
            {
                _reading = null;
                if (keys is not null)
                {
                    (_keys, _readAt, _failedAt) = (keys, clock.GetTimestamp(), null);
                }
                else
                {
                    _failedAt = clock.GetTimestamp();
                }
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The authorization server's keys cannot be read. {Reason}")]
    private partial void Unread(string reason);
}
