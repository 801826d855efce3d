using DtMcp.Configuration;
using DtMcp.Darktrace.Errors;
using DtMcp.Replicas;
using DtMcp.Replicas.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Commands.Checking;

/// <summary>Goes through the settings of what replicas share as <c>serve</c> would itself, and tries Redis.</summary>
internal static class ReplicaReview
{
    /// <summary>The settings that are looked at.</summary>
    public static IReadOnlyList<OptionEntry> Settings { get; } =
    [
        OptionCatalog.RedisUrl, OptionCatalog.RedisUser, OptionCatalog.RedisPassword, OptionCatalog.RedisCaFile,
        OptionCatalog.RedisKeysFile, OptionCatalog.RedisMb,
    ];

    /// <summary>What was found; empty where replicas share nothing.</summary>
    public static async Task<IReadOnlyList<ServeFinding>> RunAsync(
        Settings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (url, keysFile) = (OptionCatalog.RedisUrl.Name, OptionCatalog.RedisKeysFile.Name);
        try
        {
            return ReplicaSettings.Read(settings) is var (redis, file)
                ? [Keys(keysFile, file), await TryAsync(url, redis, clock, cancellationToken)]
                : [];
        }
        catch (SetupException refused)
        {
            return [new ServeFinding(url, ServeFinding.Mend, refused.Message)];
        }
        catch (ApplianceException refused)
        {
            return [new ServeFinding(OptionCatalog.RedisCaFile.Name, ServeFinding.Mend, $"{refused.Happened} {refused.Remedy}")];
        }
    }

    private static ServeFinding Keys(string name, string file)
    {
        try
        {
            var keys = ReplicaSettings.Keys(SecretFile.Read(name, file));
            return new ServeFinding(name, ServeFinding.Ok, FormattableString.Invariant($"{keys.Count} keys; the first seals"));
        }
        catch (SetupException refused)
        {
            return new ServeFinding(name, ServeFinding.Mend, refused.Message);
        }
    }

    private static async Task<ServeFinding> TryAsync(
        string name, RedisOptions redis, TimeProvider clock, CancellationToken cancellationToken)
    {
        var place = FormattableString.Invariant($"Redis at {redis.Host}:{redis.Port}{(redis.IsTls ? " with TLS" : "")}");
        // It is not asked for a key before anything is shared.
        await using var sharing = new ReplicaSharing(
            redis, () => throw new InvalidOperationException(), ProgramVersion.Text, clock, NullLoggerFactory.Instance);
        return await sharing.WhyNotAsync(cancellationToken) is { } why
            ? new ServeFinding(name, ServeFinding.Mend, $"{place}: {why}. Until it is mended each replica goes by what it knows itself.")
            : new ServeFinding(name, ServeFinding.Ok, $"{place} answers, and lets this user do what replicas do");
    }
}
