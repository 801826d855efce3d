namespace DtMcp.Replicas.Captures;

/// <summary>
/// What Redis does in one step with the board of an appliance. Keys: 1 its version, 2 readings under way and 3 when they end, 4 what is
/// told of captures, 5 when they end and 6 their bytes. Every change makes the version a new one.
/// </summary>
internal static class BoardScripts
{
    // Readings of replicas that were killed, and captures that have ended, go first. What ends later than a lease lasts is none.
    private const string Prune =
        """
        local t = redis.call('TIME')
        local now = t[1] * 1000 + math.floor(t[2] / 1000)
        local function gone(ids, set, heads, sizes)
          for _, id in ipairs(ids) do
            redis.call('ZREM', set, id)
            redis.call('HDEL', heads, id)
            if sizes then redis.call('HDEL', sizes, id) end
            redis.call('INCR', KEYS[1])
          end
        end
        gone(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now), KEYS[3], KEYS[2])
        gone(redis.call('ZRANGEBYSCORE', KEYS[3], now + 60000, '+inf'), KEYS[3], KEYS[2])
        gone(redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', now), KEYS[5], KEYS[4], KEYS[6])
        local function changed()
          for i = 1, 6 do redis.call('EXPIRE', KEYS[i], 86400) end
          return redis.call('INCR', KEYS[1])
        end

        """;

    /// <summary>The version, and unless it is known all readings and captures.</summary>
    public const string Look = Prune +
        """
        local version = tostring(redis.call('GET', KEYS[1]) or '0')
        if version == ARGV[1] then return { version } end
        return { version, redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[4]) }
        """;

    /// <summary>Begins a reading: version, id, what is told of it, how long it lasts. 0 where the version is another by now.</summary>
    public const string Begin = Prune +
        """
        if tostring(redis.call('GET', KEYS[1]) or '0') ~= ARGV[1] then return 0 end
        redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
        redis.call('ZADD', KEYS[3], now + ARGV[4], ARGV[2])
        changed()
        return 1
        """;

    /// <summary>Ends a reading: its id.</summary>
    public const string End = Prune +
        """
        redis.call('HDEL', KEYS[2], ARGV[1])
        redis.call('ZREM', KEYS[3], ARGV[1])
        return changed()
        """;

    /// <summary>
    /// Ends a reading with a capture, whose bytes are there already: its id, what is told of it, its bytes, how long it lasts, how many
    /// captures and bytes there may be, the beginning of the keys of bytes. Those that would end first make room.
    /// </summary>
    public const string Give = Prune +
        """
        redis.call('HDEL', KEYS[2], ARGV[1])
        redis.call('ZREM', KEYS[3], ARGV[1])
        local total = tonumber(ARGV[3])
        for _, bytes in ipairs(redis.call('HVALS', KEYS[6])) do total = total + tonumber(bytes) end
        local count = redis.call('ZCARD', KEYS[5])
        while count > 0 and (count >= tonumber(ARGV[5]) or total > tonumber(ARGV[6])) do
          local oldest = redis.call('ZRANGE', KEYS[5], 0, 0)
          total = total - (tonumber(redis.call('HGET', KEYS[6], oldest[1]) or '0') or 0)
          redis.call('UNLINK', ARGV[7] .. oldest[1])
          gone(oldest, KEYS[5], KEYS[4], KEYS[6])
          count = count - 1
        end
        redis.call('HSET', KEYS[4], ARGV[1], ARGV[2])
        redis.call('ZADD', KEYS[5], now + ARGV[4], ARGV[1])
        redis.call('HSET', KEYS[6], ARGV[1], ARGV[3])
        return changed()
        """;

    /// <summary>Takes a capture off: its id. Its bytes are gone or were changed.</summary>
    public const string Remove = Prune +
        """
        gone({ ARGV[1] }, KEYS[5], KEYS[4], KEYS[6])
        return changed()
        """;
}
