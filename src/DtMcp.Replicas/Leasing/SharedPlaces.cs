using System.Globalization;
using DtMcp.Darktrace.Sending;
using DtMcp.Replicas.Wire;
using StackExchange.Redis;

namespace DtMcp.Replicas.Leasing;

/// <summary>
/// The places of one appliance among the requests of all replicas, first come, first served; each replica's own queue is fair to its users
/// before that. Beside them the word of a replica that the appliance does not answer.
/// </summary>
/// <param name="link">Redis.</param>
/// <param name="leases">Keeps what is held.</param>
/// <param name="name">The appliance's name among the keys.</param>
/// <param name="places">Requests at once of all replicas.</param>
/// <param name="clock">Times the waiting.</param>
internal sealed class SharedPlaces(RedisLink link, Leases leases, string name, int places, TimeProvider clock) : ISharedAppliance
{
    // Who waits asks again within a tenth of this, unless it was killed.
    private const int ForgottenMs = 2_000;

    // Longer than a trial and the pause before it, so that the word holds while it is renewed.
    private static readonly TimeSpan WordHolds = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(60);

    // What ends later than a lease lasts is none: Redis's clock was set back, or somebody else wrote it.
    private const string Enter =
        """
        local t = redis.call('TIME')
        local now = t[1] * 1000 + math.floor(t[2] / 1000)
        local lease, forgotten = tonumber(ARGV[3]), tonumber(ARGV[4])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
        redis.call('ZREMRANGEBYSCORE', KEYS[1], now + lease + 1, '+inf')
        redis.call('HSET', KEYS[3], ARGV[1], now)
        local seen = redis.call('HGETALL', KEYS[3])
        for i = 1, #seen, 2 do
          local at = tonumber(seen[i + 1]) or 0
          if at < now - forgotten or at > now then
            redis.call('HDEL', KEYS[3], seen[i])
            redis.call('ZREM', KEYS[2], seen[i])
          end
        end
        redis.call('ZADD', KEYS[2], 'NX', t[1] * 1000000 + t[2], ARGV[1])
        for _, waiting in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
          if redis.call('HEXISTS', KEYS[3], waiting) == 0 then redis.call('ZREM', KEYS[2], waiting) end
        end
        local word = redis.call('GET', KEYS[4]) or ''
        local is_in = redis.call('ZRANK', KEYS[2], ARGV[1]) < tonumber(ARGV[2]) - redis.call('ZCARD', KEYS[1])
        if is_in then
          redis.call('ZREM', KEYS[2], ARGV[1])
          redis.call('HDEL', KEYS[3], ARGV[1])
          redis.call('ZADD', KEYS[1], now + lease, ARGV[1])
        end
        for i = 1, 3 do redis.call('EXPIRE', KEYS[i], 3600) end
        return { is_in and 1 or 0, word }
        """;

    private const string Leave =
        """
        redis.call('ZREM', KEYS[1], ARGV[1])
        redis.call('ZREM', KEYS[2], ARGV[1])
        return redis.call('HDEL', KEYS[3], ARGV[1])
        """;

    private readonly string _held = $"dtmcp:{{{name}}}:held";
    private readonly RedisKey[] _keys =
        [$"dtmcp:{{{name}}}:held", $"dtmcp:{{{name}}}:waiting", $"dtmcp:{{{name}}}:seen", $"dtmcp:{{{name}}}:word"];

    public async Task<SharedPlace> EnterAsync(CancellationToken cancellationToken)
    {
        var ticket = Guid.NewGuid().ToString("N");
        RedisValue[] arguments = [ticket, places, Leases.LengthMs, ForgottenMs];
        var wait = ShortestWait;
        try
        {
            while (true)
            {
                var (isAnswered, answer) = await link.AskAsync(
                    redis => redis.ScriptEvaluateAsync(Enter, _keys, arguments, CommandFlags.NoScriptCache), false, cancellationToken)
                    .ConfigureAwait(false);
                if (!isAnswered || (RedisResult[]?)answer is not [var isIn, var word])
                {
                    return new SharedPlace(null, null);
                }

                if ((int)isIn == 1)
                {
                    leases.Hold(_held, ticket);
                    return new SharedPlace(Word((string?)word), () => GiveBack(ticket));
                }

                await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }
        catch (OperationCanceledException)
        {
            GiveBack(ticket);
            throw;
        }
    }

    public void Opened(CircuitOpening opening)
    {
        var word = string.Create(CultureInfo.InvariantCulture, $"{opening.Id} {opening.Failures} {opening.Code}");
        link.Tell(redis => redis.StringSetAsync(_keys[3], word, WordHolds));
    }

    public void Closed() => link.Tell(redis => redis.KeyDeleteAsync(_keys[3]));

    // It comes to stand in an answer: a code of ours, or nothing.
    internal static CircuitOpening? Word(string? text) =>
        text?.Split(' ') is [{ Length: > 0 and <= 64 } id, var failures, { Length: > 0 and <= 64 } code]
            && int.TryParse(failures, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && code.All(c => char.IsAsciiLetterLower(c) || c == '_')
            ? new CircuitOpening(id, number, code)
            : null;

    private void GiveBack(string ticket)
    {
        leases.Drop(_held, ticket);
        link.Tell(redis => redis.ScriptEvaluateAsync(Leave, _keys, [ticket], CommandFlags.NoScriptCache));
    }
}
