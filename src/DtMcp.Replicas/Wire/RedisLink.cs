using System.Net.Sockets;
using System.Text;
using DtMcp.Darktrace.Sending;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace DtMcp.Replicas.Wire;

/// <summary>
/// Asks Redis, and does without it where it does not answer: each request has a short time, and after one that came to nothing none is sent
/// for <see cref="Pause"/>. Nothing is thrown but the caller's own cancellation. Nothing is connected before the first request.
/// </summary>
internal sealed partial class RedisLink(RedisOptions options, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    /// <summary>Long enough that a Redis that hangs costs little, short enough that nobody misses it when it is back.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // A quarter of 256 MiB at a tenth of a gigabit's speed.
    private static readonly TimeSpan LongestBulk = TimeSpan.FromSeconds(6);

    // Connections end with the program: nobody waits for Redis to say good-bye.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly ServerTrust? _trust = options.IsTls ? ServerTrust.Beside(options.CaFile) : null;
    private readonly Connection?[] _connections = [null, null];
    private bool _isAway;
    private string? _reason;
    private bool _isTried;
    private long _awaySince;

    /// <summary>Whether it is done without.</summary>
    public bool IsAway
    {
        get
        {
            lock (_lock)
            {
                return _isAway;
            }
        }
    }

    /// <summary>Why it did not answer last; null while it does.</summary>
    public string? Reason
    {
        get
        {
            lock (_lock)
            {
                return _isAway ? _reason : null;
            }
        }
    }

    /// <summary>Asks, and says whether there was an answer.</summary>
    /// <param name="ask">Sends one command.</param>
    /// <param name="isBulk">Whether megabytes go one way or the other: those have a connection of their own, so that nothing small waits
    /// behind them, and their failing says nothing of the small.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async Task<(bool IsAnswered, T? Value)> AskAsync<T>(
        Func<IDatabase, Task<T>> ask, bool isBulk, CancellationToken cancellationToken)
    {
        if (!MayAsk())
        {
            return default;
        }

        try
        {
            var answer = await WithinAsync(AnswerAsync(ask, isBulk), isBulk ? LongestBulk : options.Longest, cancellationToken)
                .ConfigureAwait(false);
            Answered(isBulk);
            return (true, answer);
        }
        catch (Exception error) when (error is RedisException or TimeoutException or RedisCommandException or SocketException
            or IOException or ObjectDisposedException or AggregateException)
        {
            Failed(isBulk, error);
            return default;
        }
        finally
        {
            lock (_lock)
            {
                _isTried = false;
            }
        }
    }

    /// <summary>Asks without waiting for the answer.</summary>
    public void Tell<T>(Func<IDatabase, Task<T>> ask) => _ = AskAsync(ask, isBulk: false, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            if (connection?.Opening is { IsCompletedSuccessfully: true } opened)
            {
                var open = await opened.ConfigureAwait(false);
                await open.CloseAsync(allowCommandsToComplete: false).WaitAsync(LongestEnd, clock)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<T> AnswerAsync<T>(Func<IDatabase, Task<T>> ask, bool isBulk)
    {
        Connection connection;
        lock (_lock)
        {
            ref var last = ref _connections[isBulk ? 1 : 0];
            if (last is null or { Opening: { IsFaulted: true } or { IsCanceled: true } })
            {
                var trust = _trust?.Anew();
                last = new Connection(ConnectionMultiplexer.ConnectAsync(Configuration(isBulk, trust)), trust);
            }

            connection = last;
        }

        try
        {
            return await ask((await connection.Opening.ConfigureAwait(false)).GetDatabase()).ConfigureAwait(false);
        }
        catch (RedisConnectionException error) when (connection.Trust?.Refusal is { } refusal)
        {
            throw new RefusedException(refusal, error);
        }
    }

    private async Task<T> WithinAsync<T>(Task<T> answer, TimeSpan longest, CancellationToken cancellationToken)
    {
        try
        {
            return await answer.WaitAsync(longest, clock, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Whoever gave up does not come back for what it fails with.
            _ = answer.ContinueWith(static late => late.Exception, CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private bool MayAsk()
    {
        lock (_lock)
        {
            if (!_isAway)
            {
                return true;
            }

            if (_isTried || clock.GetElapsedTime(_awaySince) < Pause)
            {
                return false;
            }

            return _isTried = true;
        }
    }

    private void Answered(bool isBulk)
    {
        lock (_lock)
        {
            if (isBulk || !_isAway)
            {
                return;
            }

            _isAway = false;
        }

        ReplicaInstruments.Returned();
        Back(logger);
    }

    private void Failed(bool isBulk, Exception error)
    {
        ReplicaInstruments.Failed();
        var reason = ReasonOf(error);
        lock (_lock)
        {
            if (isBulk && !_isAway)
            {
                return;
            }

            (_awaySince, _reason) = (clock.GetTimestamp(), reason);
            if (_isAway)
            {
                return;
            }

            _isAway = true;
        }

        ReplicaInstruments.Left();
        Gone(logger, options.Host, options.Port, reason);
    }

    // Of what Redis answers its first word: the rest may hold a key.
    private static string ReasonOf(Exception error) => error switch
    {
        RefusedException refused => $"its certificate is refused: {refused.Message}",
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => "it refuses the user or the password",
        RedisServerException refused => $"it refuses: {refused.Message.Split(' ')[0]}",
        TimeoutException => "it does not answer in time",
        RedisConnectionException broken => $"not connected: {broken.FailureType}",
        _ => error.GetType().Name,
    };

    private ConfigurationOptions Configuration(bool isBulk, ServerTrust? trust)
    {
        var longest = (int)(isBulk ? LongestBulk : options.Longest).TotalMilliseconds;
        var configuration = new ConfigurationOptions
        {
            EndPoints = { { options.Host, options.Port } },
            User = options.User,
            Password = options.Password is { } password ? Encoding.UTF8.GetString(password.Key) : null,
            Ssl = options.IsTls,
            SslHost = options.IsTls ? options.Host : null,
            DefaultDatabase = options.Database,
            ClientName = "dtmcp",
            // Connected anew by whoever asks next, and told why not: what connects by itself in the background says nothing of it.
            AbortOnConnectFail = true,
            ConnectRetry = 1,
            ConnectTimeout = (int)options.Longest.TotalMilliseconds,
            AsyncTimeout = longest,
            SyncTimeout = longest,
            ReconnectRetryPolicy = new LinearRetry((int)options.Longest.TotalMilliseconds),
            // Without a connection nothing waits for one: it is asked for another time.
            BacklogPolicy = BacklogPolicy.FailFast,
            IncludeDetailInExceptions = false,
            ConfigurationChannel = "",
            TieBreaker = "",
        };
        if (trust is not null)
        {
            configuration.CertificateValidation += (_, certificate, chain, errors) => trust.Accepts(certificate, chain, errors);
        }

        return configuration;
    }

    /// <param name="Opening">Open, or on its way.</param>
    /// <param name="Trust">Says why its certificate was refused: that of another connection says nothing of this one.</param>
    private sealed record Connection(Task<ConnectionMultiplexer> Opening, ServerTrust? Trust);

    private sealed class RefusedException(string why, Exception inner) : RedisException(why, inner);

    [LoggerMessage(LogLevel.Warning,
        "Redis at {Host}:{Port} is done without ({Reason}): this replica goes by what it knows itself until it is back")]
    private static partial void Gone(ILogger logger, string host, int port, string reason);

    [LoggerMessage(LogLevel.Warning, "Redis is back: replicas share again")]
    private static partial void Back(ILogger logger);
}
