using DtMcp.Darktrace.Signing;
using DtMcp.Replicas.Sealing;
using DtMcp.Replicas.Wire;

namespace DtMcp.Configuration;

/// <summary>The settings of what replicas of <c>serve</c> share, as typed values, checked.</summary>
internal static class ReplicaSettings
{
    private static readonly OptionEntry[] Own =
    [
        OptionCatalog.RedisUser, OptionCatalog.RedisPassword, OptionCatalog.RedisCaFile, OptionCatalog.RedisKeysFile,
        OptionCatalog.RedisMb,
    ];

    /// <summary>Null where nothing is shared.</summary>
    /// <exception cref="SetupException">A setting cannot be followed.</exception>
    public static (RedisOptions Redis, string KeysFile)? Read(Settings settings)
    {
        if (settings.Text(OptionCatalog.RedisUrl) is not { } text)
        {
            return Array.Find(Own, option => IsSet(settings, option)) is { } stray
                ? throw new SetupException($"{stray.Name} is set, but {OptionCatalog.RedisUrl.Name} is not. Set it, or unset the other.")
                : null;
        }

        var address = Address(text);
        // One file serves both: each derives keys of its own from it.
        var file = settings.Text(OptionCatalog.RedisKeysFile) ?? settings.Text(OptionCatalog.CursorKeyFile) ?? throw new SetupException(
            $"{OptionCatalog.RedisKeysFile.Name} is not set, and {OptionCatalog.RedisUrl.Name} is. Name a file with a key that all " +
            "replicas have, such as `openssl rand -base64 32` writes.");
        return (new RedisOptions
        {
            Host = address.DnsSafeHost,
            Port = address.IsDefaultPort || address.Port < 1 ? 6379 : address.Port,
            IsTls = address.Scheme == "rediss",
            Database = address.AbsolutePath.Length > 1 ? int.Parse(address.AbsolutePath.AsSpan(1), null) : 0,
            User = User(settings.Text(OptionCatalog.RedisUser)),
            Password = Password(settings),
            CaFile = settings.Text(OptionCatalog.RedisCaFile) is not { } authorities || File.Exists(authorities)
                ? settings.Text(OptionCatalog.RedisCaFile)
                : throw new SetupException($"{OptionCatalog.RedisCaFile.Name} names no file that can be read."),
            MostBytes = settings.Whole(OptionCatalog.RedisMb, 1, 65_536, 256) << 20,
        }, file);
    }

    /// <summary>The keys of the file.</summary>
    /// <exception cref="SetupException">One is none; nothing that stands in the file is told.</exception>
    public static KeyRing Keys(string text) => KeyRing.Parse(text, out var line) ?? throw new SetupException(
        line == 0
            ? $"The file of {OptionCatalog.RedisKeysFile.Name} has no key. `openssl rand -base64 32` makes one."
            : FormattableString.Invariant(
                $"Line {line} of the file of {OptionCatalog.RedisKeysFile.Name} is no key. Write one a line, {KeyRing.ShortestKey} or ") +
                "more characters without blanks; `openssl rand -base64 32` makes one.");

    private static bool IsSet(Settings settings, OptionEntry option) =>
        settings.Told(option.Name) is not null || settings.Told(option.Name + OptionCatalog.FileSuffix) is not null;

    private static Uri Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address.Scheme is "redis" or "rediss" && address.Host.Length > 0 && address.Query.Length == 0 && address.Fragment.Length == 0
        && address.UserInfo.Length == 0
        && (address.AbsolutePath.Length <= 1 || (address.AbsolutePath.Length <= 4 && address.AbsolutePath.Skip(1).All(char.IsAsciiDigit)))
        ? address
        : throw new SetupException(
            $"{OptionCatalog.RedisUrl.Name} is no address of Redis. Set rediss://name:6379 (TLS) or redis://name:6379, /1 behind it for " +
            "another database, and no user or password in it.");

    private static string? User(string? name) => name?.AsSpan().ContainsAnyExceptInRange('!', '~') == true
        ? throw new SetupException($"{OptionCatalog.RedisUser.Name} holds a blank or a special character.")
        : name;

    private static Secret? Password(Settings settings) => settings.Text(OptionCatalog.RedisPassword) is not { } text ? null
        : new Secret(text) is { IsWellFormed: true } password ? password
        : throw new SetupException($"{OptionCatalog.RedisPassword.Name} holds a blank or a special character.");
}
