using DtMcp.Replicas.Wire;
using StackExchange.Redis;

namespace DtMcp.Replicas.Leasing;

/// <summary>
/// What this replica holds among all: members of sorted sets, whose scores are when they end by Redis's own clock. They are renewed while
/// this lives; those of a replica that was killed end by themselves.
/// </summary>
internal sealed class Leases(RedisLink link, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>How long others wait for one that was killed; three renewals may fail before.</summary>
    public const int LengthMs = 6_000;

    private static readonly TimeSpan Renewal = TimeSpan.FromMilliseconds(1_500);

    private const string Renew =
        """
        local t = redis.call('TIME')
        local now = t[1] * 1000 + math.floor(t[2] / 1000)
        for i = 2, #ARGV do redis.call('ZADD', KEYS[1], 'XX', now + ARGV[1], ARGV[i]) end
        return 1
        """;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<string>> _held = [];
    private ITimer? _timer;

    public void Hold(string set, string member)
    {
        lock (_lock)
        {
            _timer ??= clock.CreateTimer(_ => RenewAll(), null, Renewal, Renewal);
            if (!_held.TryGetValue(set, out var members))
            {
                _held[set] = members = [];
            }

            members.Add(member);
        }
    }

    public void Drop(string set, string member)
    {
        lock (_lock)
        {
            if (_held.TryGetValue(set, out var members))
            {
                members.Remove(member);
            }
        }
    }

    public ValueTask DisposeAsync() => _timer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void RenewAll()
    {
        lock (_lock)
        {
            foreach (var (set, members) in _held.Where(entry => entry.Value.Count > 0))
            {
                RedisValue[] arguments = [LengthMs, .. members.Select(member => (RedisValue)member)];
                link.Tell(redis => redis.ScriptEvaluateAsync(Renew, [set], arguments, CommandFlags.NoScriptCache));
            }
        }
    }
}
