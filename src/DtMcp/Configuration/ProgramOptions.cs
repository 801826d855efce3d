using System.Globalization;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Configuration;

/// <summary>Settings as typed values, checked. Each message names the variable and what to set.</summary>
internal static class ProgramOptions
{
    private static readonly string[] LogLevels = ["trace", "debug", "information", "warning", "error", "none"];

    public static LogLevel LogLevel(Settings settings) => settings.Choice(OptionCatalog.LogLevel, LogLevels, "warning") switch
    {
        "trace" => Microsoft.Extensions.Logging.LogLevel.Trace,
        "debug" => Microsoft.Extensions.Logging.LogLevel.Debug,
        "information" => Microsoft.Extensions.Logging.LogLevel.Information,
        "error" => Microsoft.Extensions.Logging.LogLevel.Error,
        "none" => Microsoft.Extensions.Logging.LogLevel.None,
        _ => Microsoft.Extensions.Logging.LogLevel.Warning,
    };

    /// <summary>The appliance of the settings.</summary>
    public static DarktraceOptions Appliance(Settings settings) =>
        Requests(settings, Host(settings), PublicToken(settings), PrivateToken(settings));

    /// <summary>An appliance somewhere else (<c>--demo</c>), asked as the settings say.</summary>
    public static DarktraceOptions Requests(Settings settings, Uri host, string publicToken, Secret privateToken) => new()
    {
        Host = host,
        PublicToken = publicToken,
        PrivateToken = privateToken,
        Timeout = Timeout(settings),
        MaxConcurrency = MaxConcurrency(settings),
        CaFile = settings.Text(OptionCatalog.CaFile),
        CertSha256 = settings.Text(OptionCatalog.CertSha256),
        DateFormat = DateFormat(settings),
        SignEncoded = SignEncoded(settings),
    };

    public static InvestigatorOptions Investigator(Settings settings, string appliance) => new()
    {
        Appliance = appliance,
        Internal = Internal(settings),
        KnownGood = Known(settings),
        Evidence = Evidence(settings),
        MaxFlows = MaxFlows(settings),
        MaxHosts = MaxHosts(settings),
        CacheBytes = CacheBytes(settings),
        Slice = Slice(settings),
    };

    /// <summary>Each setting that all appliances share, by itself: what is wrong with one hides nothing of the next.</summary>
    public static IReadOnlyList<(OptionEntry Option, Action<Settings> Check)> Shared { get; } =
    [
        (OptionCatalog.Timeout, settings => Timeout(settings)),
        (OptionCatalog.MaxConcurrency, settings => MaxConcurrency(settings)),
        (OptionCatalog.DateFormat, settings => DateFormat(settings)),
        (OptionCatalog.SignEncoded, settings => SignEncoded(settings)),
        (OptionCatalog.Evidence, settings => Evidence(settings)),
        (OptionCatalog.InternalRanges, settings => Internal(settings)),
        (OptionCatalog.KnownGood, settings => Known(settings)),
        (OptionCatalog.MaxFlows, settings => MaxFlows(settings)),
        (OptionCatalog.MaxHosts, settings => MaxHosts(settings)),
        (OptionCatalog.CacheMb, settings => CacheBytes(settings)),
        (OptionCatalog.ReadingMb, settings => ReadingBytes(settings)),
        (OptionCatalog.SliceHours, settings => Slice(settings)),
        (OptionCatalog.HistoryUrl, settings => HistorySettings.Read(settings)),
        (OptionCatalog.RedisUrl, settings => ReplicaSettings.Read(settings)),
        (OptionCatalog.Structured, settings => Structured(settings)),
        (OptionCatalog.LogLevel, settings => LogLevel(settings)),
    ];

    /// <summary>Each setting that an appliance cannot be without, by itself.</summary>
    public static IReadOnlyList<(OptionEntry Option, Action<Settings> Check)> Needed { get; } =
    [
        (OptionCatalog.Host, settings => Host(settings)),
        (OptionCatalog.PublicToken, settings => PublicToken(settings)),
        (OptionCatalog.PrivateToken, settings => PrivateToken(settings)),
    ];

    public static InternalRanges Internal(string name, string? text) => InternalRanges.FromText(text)
        ?? throw new SetupException(
            $"{name} is {Refusal.Shown(text ?? "")}. Set ranges with commas between them, such as 10.0.0.0/8 or +203.0.113.0/24.");

    /// <summary>Whether answers are JSON of a declared schema; a word that is neither means no, and is told elsewhere.</summary>
    public static bool IsStructured(Settings settings)
    {
        try
        {
            return Structured(settings);
        }
        catch (SetupException)
        {
            return false;
        }
    }

    public static string PublicToken(Settings settings)
    {
        var token = settings.Need(OptionCatalog.PublicToken);
        return token.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? throw new SetupException($"{OptionCatalog.PublicToken.Name} holds a blank or a special character. Copy it again, whole.")
            : token;
    }

    public static Secret PrivateToken(Settings settings)
    {
        var token = new Secret(settings.Need(OptionCatalog.PrivateToken));
        return token.IsWellFormed
            ? token
            : throw new SetupException($"{OptionCatalog.PrivateToken.Name} holds a blank or a special character. Copy it again, whole.");
    }

    private static TimeSpan Timeout(Settings settings) => TimeSpan.FromSeconds(settings.Whole(OptionCatalog.Timeout, 1, 86_400, 60));

    private static int MaxConcurrency(Settings settings) => (int)settings.Whole(OptionCatalog.MaxConcurrency, 1, 64, 4);

    private static DateFormat DateFormat(Settings settings) =>
        settings.Choice(OptionCatalog.DateFormat, ["spaced", "extended", "compact"], "spaced") switch
        {
            "extended" => Darktrace.Signing.DateFormat.Extended,
            "compact" => Darktrace.Signing.DateFormat.Compact,
            _ => Darktrace.Signing.DateFormat.Spaced,
        };

    private static bool SignEncoded(Settings settings) => settings.Choice(OptionCatalog.SignEncoded, ["true", "false"], "false") == "true";

    private static EvidencePolicy Evidence(Settings settings) =>
        settings.Choice(OptionCatalog.Evidence, ["auto", "network", "records"], "auto") switch
        {
            "network" => EvidencePolicy.Network,
            "records" => EvidencePolicy.Records,
            _ => EvidencePolicy.Auto,
        };

    private static InternalRanges Internal(Settings settings) =>
        Internal(OptionCatalog.InternalRanges.Name, settings.Text(OptionCatalog.InternalRanges));

    private static bool Structured(Settings settings) => settings.Choice(OptionCatalog.Structured, ["on", "off"], "off") == "on";

    private static KnownGood Known(Settings settings) => KnownGood.FromText(settings.Text(OptionCatalog.KnownGood), out var wrong)
        ?? throw new SetupException(
            $"{OptionCatalog.KnownGood.Name} cannot be read at {Refusal.Shown(wrong ?? "")}. Write each entry with its reason, such as " +
            "203.0.113.0/24 port:443 # backup; AS64511 # provider; .updates.example.com # updater; less than 64 KiB in all.");

    private static long MaxFlows(Settings settings) => settings.Whole(OptionCatalog.MaxFlows, 1_000, 100_000_000, 2_000_000);

    private static int MaxHosts(Settings settings) => (int)settings.Whole(OptionCatalog.MaxHosts, 1_000, 100_000_000, 500_000);

    private static long CacheBytes(Settings settings) => settings.Whole(OptionCatalog.CacheMb, 1, 65_536, 256) << 20;

    /// <summary>What all readings under way may take, of whichever appliance.</summary>
    public static long ReadingBytes(Settings settings) =>
        settings.Whole(OptionCatalog.ReadingMb, 64, 1_048_576, ReadingRoom.DefaultBytes >> 20) << 20;

    private static TimeSpan Slice(Settings settings) => TimeSpan.FromHours(settings.Whole(OptionCatalog.SliceHours, 1, 744, 24));

    private static Uri Host(Settings settings)
    {
        var text = settings.Need(OptionCatalog.Host);
        if (!text.Contains("://", StringComparison.Ordinal))
        {
            text = "https://" + text;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var host) || (host.Scheme != Uri.UriSchemeHttps && host.Scheme != Uri.UriSchemeHttp)
            || host.AbsolutePath != "/" || host.Query.Length > 0 || host.Fragment.Length > 0 || host.UserInfo.Length > 0)
        {
            throw new SetupException(
                $"{OptionCatalog.Host.Name} is no address of an appliance. Set https://name or https://name:port and nothing after it.");
        }

        return host.Scheme == Uri.UriSchemeHttps || host.IsLoopback
            ? host
            : throw new SetupException(string.Create(CultureInfo.InvariantCulture,
                $"{OptionCatalog.Host.Name} is plain http, which would show the traffic to everyone on the way. Set https://{host.Host}."));
    }
}
