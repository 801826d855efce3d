using StackExchange.Redis;

namespace DtMcp.Tests.Replicas;

/// <summary>Replicas as processes, with Debian's redis-server between them and its nginx before them.</summary>
public class ReplicasTests
{
    [Fact]
    public async Task One_question_asked_of_all_at_once_is_one_request_to_the_appliance()
    {
        await using var farm = await ReplicaFarm.StartAsync(3, options => options with { Delay = TimeSpan.FromMilliseconds(300) });
        var nginx = await farm.Redis.NginxAsync(farm.Replicas.Select(replica => replica.Address.Port));
        var hour = await farm.SharingAsync(5, async hour =>
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => farm.AskAsync(nginx, hour)));
            Assert.Single(answers.Select(answer => answer.GetRawText()).Distinct());
            Assert.NotEqual(0, answers[0].GetProperty("totals").GetProperty("connections").GetInt64());

            // What is asked of the same rows is answered by any of them.
            var others = await Task.WhenAll(farm.Replicas.Select(replica => farm.AskAsync(replica, hour, "analyze_protocols_and_ports")));
            Assert.Single(others.Select(answer => answer.GetRawText()).Distinct());
        });

        await farm.AskAsync(farm.Replicas[1], hour, refresh: true);
        Assert.Equal(2, farm.Readings(hour));
    }

    [Fact]
    public async Task A_running_window_is_read_once_too_though_each_replica_means_another_millisecond()
    {
        await using var farm = await ReplicaFarm.StartAsync(2, options => options with { Delay = TimeSpan.FromMilliseconds(300) });

        // Whoever asks while a reading that began before is under way takes it; of two that begin in the same moment the one that means the
        // earlier window may read as well.
        var first = AskAsync(farm.Replicas[0]);
        await ReplicaFarm.UntilAsync(async () => first.IsCompleted || (await farm.Redis.KeysAsync("*:reading")).Count > 0);
        await Task.WhenAll([first, .. farm.Replicas.SelectMany(_ => farm.Replicas).Select(AskAsync)]);

        // Which shape the appliance answers in is tried over its last minute, by each.
        var readings = farm.Appliance.Requests.Count(request => ReplicaFarm.Asked(request) > TimeSpan.FromHours(1));
        Assert.True(readings == 1 || farm.WasWithoutRedis, $"{readings} readings");

        Task AskAsync(ReplicaFarm.Replica replica) =>
            farm.CallAsync(replica.Address, "summarize_external_traffic", new { last = "2h", format = "json" });
    }

    [Fact]
    public async Task A_replica_that_is_killed_in_mid_call_costs_only_its_own_calls()
    {
        // One place at the appliance, which the killed one holds.
        await using var farm = await ReplicaFarm.StartAsync(
            2, options => options with { Delay = TimeSpan.FromSeconds(1) }, ("DARKTRACE_MAX_CONCURRENCY", "1"));
        var (killed, left) = (farm.Replicas[0], farm.Replicas[1]);
        var hour = farm.Hour(5);
        var lost = farm.AskAsync(killed, hour);
        await ReplicaFarm.UntilAsync(async () => (await farm.Redis.KeysAsync("*:reading")).Count > 0);
        var waiting = farm.AskAsync(left, hour);
        killed.Kill();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => lost);
        Assert.NotEqual(0, (await waiting).GetProperty("totals").GetProperty("connections").GetInt64());
    }

    [Fact]
    public async Task Without_Redis_each_answers_alone_and_shares_again_when_it_is_back()
    {
        await using var farm = await ReplicaFarm.StartAsync(2);
        var expected = (await farm.AskAsync(farm.Replicas[0], farm.Hour(2))).GetRawText();
        Assert.Equal(expected, (await farm.AskAsync(farm.Replicas[1], farm.Hour(2))).GetRawText());

        foreach (var (index, stop) in new Action[] { farm.Redis.Kill, farm.Redis.Freeze }.Index())
        {
            stop();
            var hour = farm.Hour(3 + index);
            var answers = await Task.WhenAll(farm.Replicas.Select(replica => farm.AskAsync(replica, hour)));
            Assert.Single(answers.Select(answer => answer.GetRawText()).Distinct());
            Assert.Equal(2, farm.Readings(hour));
            Assert.All(farm.Replicas, replica => Assert.True(replica.Log.Split("is done without").Length > index + 1, replica.Log));

            if (index == 0)
            {
                await farm.Redis.StartAgainAsync();
            }
            else
            {
                farm.Redis.Thaw();
            }

            // They look for it every few seconds, when somebody asks.
            var next = 6 + (index * 20);
            await ReplicaFarm.UntilAsync(async () =>
            {
                next++;
                await farm.AskAsync(farm.Replicas[0], farm.Hour(next));
                await farm.AskAsync(farm.Replicas[1], farm.Hour(next));
                return farm.Readings(farm.Hour(next)) == 1;
            });
        }
    }

    [Fact]
    public async Task A_full_Redis_is_done_without()
    {
        await using var farm = await ReplicaFarm.StartAsync(2);
        await (await farm.Redis.LookAsync()).ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
        var answers = await Task.WhenAll(farm.Replicas.Select(replica => farm.AskAsync(replica, farm.Hour(4))));

        Assert.Single(answers.Select(answer => answer.GetRawText()).Distinct());
        Assert.All(farm.Replicas, replica => Assert.Contains("it refuses: OOM", replica.Log, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_capture_that_was_changed_in_Redis_is_refused_and_read_anew()
    {
        await using var farm = await ReplicaFarm.StartAsync(2);
        var (hour, redis) = (farm.Hour(5), await farm.Redis.LookAsync());
        var expected = (await farm.AskAsync(farm.Replicas[0], hour)).GetRawText();
        var key = (RedisKey)await GivenAsync(farm);
        byte[] bytes = (await redis.StringGetAsync(key))!;
        bytes[bytes.Length / 2] ^= 1;
        await redis.StringSetAsync(key, bytes, TimeSpan.FromMinutes(5));

        Assert.Equal(expected, (await farm.AskAsync(farm.Replicas[1], hour)).GetRawText());
        Assert.Equal(2, farm.Readings(hour));
        Assert.True(
            farm.Replicas[1].Log.Contains("A capture in Redis was refused", StringComparison.Ordinal) || farm.WasWithoutRedis,
            farm.Replicas[1].Log);
        Assert.DoesNotContain("10.", System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_changed_one_replica_at_a_time_and_who_has_none_of_them_shares_nothing()
    {
        await using var farm = await ReplicaFarm.StartAsync(1);
        var hour = farm.Hour(5);
        await farm.AskAsync(farm.Replicas[0], hour);
        await GivenAsync(farm);
        var (both, foreign) = (Path.GetTempFileName(), Path.GetTempFileName());
        await File.WriteAllTextAsync(both, $"{new string('n', 40)} # new\n{new string('k', 40)}\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(foreign, new string('x', 40), TestContext.Current.CancellationToken);

        await farm.AskAsync(await farm.AddAsync(("DTMCP_REDIS_KEYS_FILE", both)), hour);
        var readings = farm.Readings(hour);
        Assert.True(readings == 1 || farm.WasWithoutRedis, $"{readings} readings");
        await farm.AskAsync(await farm.AddAsync(("DTMCP_REDIS_KEYS_FILE", foreign)), hour);
        Assert.Equal(readings + 1, farm.Readings(hour));
        File.Delete(both);
        File.Delete(foreign);
    }

    [Fact]
    public async Task All_replicas_together_ask_no_more_at_once_than_one_may()
    {
        var entries = new System.Collections.Concurrent.ConcurrentQueue<(double End, double Ms)>();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await using var farm = await ReplicaFarm.StartAsync(
            3, options => options with
            {
                Delay = TimeSpan.FromMilliseconds(200),
                OnRequest = request => entries.Enqueue((clock.Elapsed.TotalMilliseconds, request.Milliseconds)),
            },
            ("DARKTRACE_MAX_CONCURRENCY", "2"));

        await Task.WhenAll(farm.Replicas.SelectMany((replica, index) =>
            Enumerable.Range(0, 4).Select(ago => farm.AskAsync(replica, farm.Hour(2 + (index * 4) + ago)))));

        // The appliance thinks for 200 ms of each: their middles tell which were at it together, however late the ends were written down.
        // A timer may end a moment early, and an answer is there before it is written down.
        await ReplicaFarm.UntilAsync(() => Task.FromResult(entries.Count(entry => entry.Ms >= 150) >= 12));
        var thinking = entries.Where(entry => entry.Ms >= 150).Select(entry => entry.End - entry.Ms + 100).ToList();
        Assert.All(thinking, middle =>
            Assert.True(thinking.Count(other => Math.Abs(other - middle) < 50) <= 2 || farm.WasWithoutRedis, $"{middle}"));
    }

    // The bytes of the one capture that is shared.
    private static async Task<string> GivenAsync(ReplicaFarm farm)
    {
        await ReplicaFarm.UntilAsync(async () => (await farm.Redis.KeysAsync("*:capture-sizes")).Count > 0);
        return Assert.Single(await farm.Redis.KeysAsync("*:bytes:*"));
    }
}
