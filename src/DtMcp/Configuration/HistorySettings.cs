using DtMcp.Darktrace.Signing;
using DtMcp.History.Wire;
using DtMcp.Tools.Arguments;

namespace DtMcp.Configuration;

/// <summary>The settings of the history as typed values, checked.</summary>
internal static class HistorySettings
{
    private static readonly OptionEntry[] Own =
    [
        OptionCatalog.HistoryUser, OptionCatalog.HistoryPassword, OptionCatalog.HistoryDatabase, OptionCatalog.HistoryCluster,
        OptionCatalog.HistoryCaFile, OptionCatalog.HistoryDays, OptionCatalog.HistoryTimeout, OptionCatalog.HistoryMemoryMb,
        OptionCatalog.HistoryMaxRows,
    ];

    /// <summary>Null where no history is set up.</summary>
    /// <exception cref="SetupException">A setting cannot be followed.</exception>
    public static HistoryOptions? Read(Settings settings)
    {
        if (settings.Text(OptionCatalog.HistoryUrl) is not { } nodes)
        {
            return Array.Find(Own, option => IsSet(settings, option)) is { } stray
                ? throw new SetupException($"{stray.Name} is set, but {OptionCatalog.HistoryUrl.Name} is not. Set it, or unset the other.")
                : null;
        }

        var cluster = settings.Text(OptionCatalog.HistoryCluster) is { } name ? Name(OptionCatalog.HistoryCluster, name) : null;
        Uri[] urls = [.. nodes.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Node)];
        if (urls.Length == 0 || (urls.Length > 1 && cluster is null))
        {
            throw new SetupException(
                $"{OptionCatalog.HistoryUrl.Name} names {urls.Length} nodes. Set one, or {OptionCatalog.HistoryCluster.Name} too.");
        }

        return new HistoryOptions
        {
            Nodes = urls,
            Cluster = cluster,
            Database = Name(OptionCatalog.HistoryDatabase, settings.Text(OptionCatalog.HistoryDatabase) ?? "dtmcp"),
            User = User(settings.Text(OptionCatalog.HistoryUser) ?? "default"),
            Password = Password(settings),
            CaFile = settings.Text(OptionCatalog.HistoryCaFile),
            Days = (int)settings.Whole(OptionCatalog.HistoryDays, 1, 3_660, 90),
            Timeout = TimeSpan.FromSeconds(settings.Whole(OptionCatalog.HistoryTimeout, 1, 86_400, 60)),
            MaxMemory = settings.Whole(OptionCatalog.HistoryMemoryMb, 64, 1 << 20, 2_048) << 20,
            MaxRows = settings.Whole(OptionCatalog.HistoryMaxRows, 1_000_000, 1_000_000_000_000_000, 10_000_000_000),
        };
    }

    /// <summary>For a command that is about nothing else.</summary>
    public static HistoryOptions Need(Settings settings) => Read(settings) ?? throw new SetupException(
        $"{OptionCatalog.HistoryUrl.Name} is not set. Set the address of ClickHouse, such as https://name:8443.");

    private static bool IsSet(Settings settings, OptionEntry option) =>
        settings.Told(option.Name) is not null || settings.Told(option.Name + OptionCatalog.FileSuffix) is not null;

    private static Uri Node(string text) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var node) || (node.Scheme != Uri.UriSchemeHttps && node.Scheme != Uri.UriSchemeHttp)
            || node.AbsolutePath != "/" || node.Query.Length > 0 || node.Fragment.Length > 0 || node.UserInfo.Length > 0
            ? throw new SetupException(
                $"{OptionCatalog.HistoryUrl.Name} holds no address. Set https://name:8443 and nothing after it, commas between several.")
            : node.Scheme == Uri.UriSchemeHttps || node.IsLoopback
            ? node
            : throw new SetupException(
                $"{OptionCatalog.HistoryUrl.Name} is plain http, which would show the traffic to everyone on the way. Set https://.");

    private static string Name(OptionEntry option, string name) => Sql.IsName(name)
        ? name
        : throw new SetupException($"{option.Name} is {Refusal.Shown(name)}. Set letters, digits and underscores.");

    private static string User(string name) => name.AsSpan().ContainsAnyExceptInRange('!', '~')
        ? throw new SetupException($"{OptionCatalog.HistoryUser.Name} holds a blank or a special character.")
        : name;

    private static Secret? Password(Settings settings) => settings.Text(OptionCatalog.HistoryPassword) is not { } text ? null
        : new Secret(text) is { IsWellFormed: true } password ? password
        : throw new SetupException($"{OptionCatalog.HistoryPassword.Name} holds a blank or a special character.");
}
