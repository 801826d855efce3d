using DtMcp.Configuration;

namespace DtMcp.Tests.Configuration;

public sealed class ReplicaSettingsTests
{
    private const string Keys = "DTMCP_REDIS_KEYS_FILE=/run/secrets/keys";

    [Theory]
    [InlineData("redis://redis", "redis", 6379, false, 0)]
    [InlineData("redis://127.0.0.1:7000/3", "127.0.0.1", 7000, false, 3)]
    [InlineData("rediss://redis.example.com:6380", "redis.example.com", 6380, true, 0)]
    [InlineData("redis://[2001:db8::1]:6379/", "2001:db8::1", 6379, false, 0)]
    public void An_address_says_where_Redis_is(string text, string host, int port, bool isTls, int database)
    {
        var (redis, file) = Read("DTMCP_REDIS_URL=" + text, Keys)!.Value;

        Assert.Equal((host, port, isTls, database, 256L << 20), (redis.Host, redis.Port, redis.IsTls, redis.Database, redis.MostBytes));
        Assert.Equal("/run/secrets/keys", file);
        Assert.Null(Read());
        Assert.Equal("/run/secrets/cursors", Read("DTMCP_REDIS_URL=" + text, "DTMCP_CURSOR_KEY_FILE=/run/secrets/cursors")!.Value.KeysFile);
    }

    [Theory]
    [InlineData("but DTMCP_REDIS_URL is not", Keys)]
    [InlineData("but DTMCP_REDIS_URL is not", "DTMCP_REDIS_PASSWORD=secret")]
    [InlineData("DTMCP_REDIS_KEYS_FILE is not set", "DTMCP_REDIS_URL=redis://redis")]
    [InlineData("no address of Redis", Keys, "DTMCP_REDIS_URL=redis")]
    [InlineData("no address of Redis", Keys, "DTMCP_REDIS_URL=http://redis:6379")]
    [InlineData("no address of Redis", Keys, "DTMCP_REDIS_URL=redis://user:secret@redis:6379")]
    [InlineData("no address of Redis", Keys, "DTMCP_REDIS_URL=redis://redis:6379/one")]
    [InlineData("no address of Redis", Keys, "DTMCP_REDIS_URL=redis://redis:6379?ssl=true")]
    [InlineData("DTMCP_REDIS_PASSWORD holds a blank", Keys, "DTMCP_REDIS_URL=redis://redis", "DTMCP_REDIS_PASSWORD=two words")]
    [InlineData("DTMCP_REDIS_USER holds a blank", Keys, "DTMCP_REDIS_URL=redis://redis", "DTMCP_REDIS_USER=two words")]
    [InlineData("DTMCP_REDIS_CA_FILE names no file", Keys, "DTMCP_REDIS_URL=redis://redis", "DTMCP_REDIS_CA_FILE=/nowhere")]
    [InlineData("DTMCP_REDIS_MB is", Keys, "DTMCP_REDIS_URL=redis://redis", "DTMCP_REDIS_MB=0")]
    public void What_cannot_be_followed_says_what_to_do(string expected, params string[] settings)
    {
        var error = Assert.Throws<SetupException>(() => Read(settings));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message.Replace("/run/secrets", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_keys_that_cannot_be_taken_is_refused_without_what_stands_in_it()
    {
        var error = Assert.Throws<SetupException>(() => ReplicaSettings.Keys("\nhunter2"));

        Assert.StartsWith("Line 2 of the file of DTMCP_REDIS_KEYS_FILE is no key.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    private static (DtMcp.Replicas.Wire.RedisOptions Redis, string KeysFile)? Read(params string[] settings) =>
        ReplicaSettings.Read(Settings.Read(settings.Select(setting => setting.Split('=', 2))
            .Select(words => KeyValuePair.Create(words[0], words[1]))));
}
