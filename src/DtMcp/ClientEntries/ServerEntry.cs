using DtMcp.Configuration;

namespace DtMcp.ClientEntries;

/// <summary>How a client is to start DtMcp: a command line and an environment, never with a secret in it.</summary>
internal sealed record ServerEntry(string Command, IReadOnlyList<string> Args, IReadOnlyList<KeyValuePair<string, string>> Env)
{
    /// <summary>What the entry is called in a client's configuration.</summary>
    public const string Name = "darktrace";

    private const string Host = "https://instance.example.com";
    private const string PublicFile = "/home/you/.dtmcp-public";
    private const string PrivateFile = "/home/you/.dtmcp-private";
    private const string EnvironmentFile = "/home/you/.dtmcp.env";

    public static IReadOnlyList<string> Ways { get; } = ["binary", "dnx", "container"];

    /// <summary>The entry for a way to start it.</summary>
    /// <param name="way">One of <see cref="Ways"/>.</param>
    /// <param name="command">The program itself, for <c>binary</c>.</param>
    /// <param name="version">The package's version, for <c>dnx</c>.</param>
    /// <param name="isDemo">Whether the emulated appliance is meant: then nothing is to be set.</param>
    /// <param name="settings">Host and names of token files that are known already; the rest gets a name to be replaced.</param>
    public static ServerEntry Of(string way, string command, string version, bool isDemo, Settings settings)
    {
        KeyValuePair<string, string>[] env = isDemo || way == "container"
            ? []
            :
            [
                new(OptionCatalog.Host.Name, settings.Told(OptionCatalog.Host.Name) ?? Host),
                new(File(OptionCatalog.PublicToken), settings.Told(File(OptionCatalog.PublicToken)) ?? PublicFile),
                new(File(OptionCatalog.PrivateToken), settings.Told(File(OptionCatalog.PrivateToken)) ?? PrivateFile),
            ];
        string[] demo = isDemo ? ["--demo"] : [];
        return way switch
        {
            // dnx stands beside dotnet, which alone is on the path of most machines.
            "dnx" => new ServerEntry("dotnet", ["dnx", $"DtMcp@{version}", "--yes", .. isDemo ? ["--", .. demo] : demo], env),
            "container" => new ServerEntry("docker",
                ["run", "-i", "--rm", .. isDemo ? Array.Empty<string>() : ["--env-file", EnvironmentFile], "dtmcp", .. demo], env),
            _ => new ServerEntry(command, demo, env),
        };
    }

    private static string File(OptionEntry option) => option.Name + OptionCatalog.FileSuffix;
}
