using DtMcp.Configuration;
using DtMcp.Darktrace.Errors;
using DtMcp.Replicas;
using DtMcp.Serving.Access;

namespace DtMcp.Serving;

/// <summary>Opens what replicas share. Nothing is connected before the first question.</summary>
internal static class SharedReplicas
{
    /// <summary>Null where nothing is shared.</summary>
    /// <exception cref="SetupException">A setting cannot be followed, or the keys cannot be read.</exception>
    public static ReplicaSharing? Open(Settings settings, TimeProvider clock, ILoggerFactory loggers)
    {
        if (ReplicaSettings.Read(settings) is not var (redis, file))
        {
            return null;
        }

        var name = OptionCatalog.RedisKeysFile.Name;
        var keys = new WatchedFile<Replicas.Sealing.KeyRing>(
            $"The file of {name}", () => SecretFile.Read(name, file), ReplicaSettings.Keys, clock, loggers.CreateLogger("DtMcp.Replicas"));
        try
        {
            return new ReplicaSharing(redis, () => keys.Current, ProgramVersion.Text, clock, loggers);
        }
        catch (ApplianceException refused)
        {
            throw new SetupException($"{OptionCatalog.RedisCaFile.Name}: {refused.Happened} {refused.Remedy}");
        }
    }
}
