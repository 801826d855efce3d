using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Serving;
using DtMcp.Serving.Access;
using DtMcp.Traffic.Answers;

namespace DtMcp.Commands.Checking;

/// <summary>What a check found out about one setting.</summary>
/// <param name="Check">The setting, or who it is about.</param>
/// <param name="Result"><c>ok</c>, or <c>mend</c>.</param>
/// <param name="Detail">What it says, or what is wrong and what to do; never a secret.</param>
internal sealed record ServeFinding(string Check, string Result, string Detail)
{
    public const string Ok = "ok";

    public const string Mend = "mend";
}

/// <summary>
/// Goes through the settings of <c>serve</c> as it would itself, and says all that is wrong with them at once, what they mean together, and
/// who may use what. Nothing for a program that is not set up to serve.
/// </summary>
/// <param name="settings">What was said.</param>
/// <param name="appliances">Those that there are; null where that is not known.</param>
/// <param name="clock">Tells what has expired.</param>
/// <param name="urls">Where serve is to listen; null where that is not said.</param>
internal sealed class ServeReview(
    Settings settings, IReadOnlyList<string>? appliances, TimeProvider clock, string? urls = null)
{
    // A month before Let's Encrypt's end; who renews by hand has time.
    private static readonly TimeSpan SoonExpired = TimeSpan.FromDays(14);

    // A network that has so many addresses or more is no list of proxies.
    private const int WidestProxies = 8;

    private static readonly OptionEntry[] Own =
    [
        OptionCatalog.Identity, OptionCatalog.BearerToken, OptionCatalog.TokensFile, OptionCatalog.OAuthIssuer,
        OptionCatalog.IdentityHeader, OptionCatalog.GrantsFile, OptionCatalog.CursorKeyFile, OptionCatalog.TrustedProxies,
        OptionCatalog.TlsCertFile, OptionCatalog.TlsKeyFile, OptionCatalog.AllowedHosts, OptionCatalog.AllowedOrigins, OptionCatalog.Rate,
        OptionCatalog.RatePerUser, OptionCatalog.Concurrency, OptionCatalog.ConcurrencyPerUser, OptionCatalog.Audit,
        .. ReplicaReview.Settings,
    ];

    private const string Urls = "--urls";

    private readonly List<ServeFinding> _found = [];

    /// <summary>What was found, in the order of the page on deployment; empty where nothing is set that only serve uses.</summary>
    public async Task<IReadOnlyList<ServeFinding>> RunAsync(CancellationToken cancellationToken)
    {
        if (urls is null && !Own.Any(option => IsSet(option)) && settings.Observing.Count == 0)
        {
            return [];
        }

        ServingOptions? options = null;
        Try(OptionCatalog.Identity.Name, () =>
        {
            options = ServingSettings.Read(settings);
            return $"{options.Identity.ToString().ToLowerInvariant()}{(options.Identity == IdentityKind.None ? ": on loopback only" : "")}";
        });
        if (urls is not null)
        {
            Try(Urls, () =>
            {
                var listen = ListenAddress.Parse(urls);
                if (options is not null)
                {
                    listen.Check(options);
                }

                return string.Join(", ", listen.Points.Select(point => $"{point.At}{(point.IsTls ? " with TLS" : "")}"))
                    + (listen.IsLoopback ? ": this machine alone" : "");
            });
        }

        if (options is not null)
        {
            Bearer(options);
            await IssuerAsync(options, cancellationToken);
            Granted(options);
            Cursors(options);
            Certificate(options);
            Names(options);
            Limits(options.Limits);
        }

        _found.AddRange(await ReplicaReview.RunAsync(settings, clock, cancellationToken));
        Try(OptionCatalog.Audit.Name, () => AuditOptions.Read(settings) switch
        {
            { IsOn: false } => "off: nobody can tell later who asked what",
            { Path: null } => "on stderr",
            { Path: { } path } => Directory.Exists(Path.GetDirectoryName(path))
                ? "in a file" : throw new SetupException("The folder of the file does not exist. Make it, writable for the user of serve."),
        });
        Try("OTEL_*", () => Observed(ObservingOptions.Read(settings)));
        _found.AddRange(settings.Warnings.Select(warning => new ServeFinding("files", ServeFinding.Mend, warning)));
        return _found;
    }

    /// <summary>The findings as a page.</summary>
    public static Digest Page(IReadOnlyList<ServeFinding> found) => new()
    {
        Tool = "serve",
        Scope = new Scope { Appliance = "settings" },
        Totals = [new Field("to_mend", Cell.Of(found.LongCount(one => one.Result == ServeFinding.Mend)))],
        Tables =
        [
            new Table
            {
                Name = "checks",
                Of = found.Count,
                Columns = ["check", "result", "detail"],
                Rows = [.. found.Select(one => (IReadOnlyList<Cell>)[Cell.Of(one.Check), Cell.Of(one.Result), Cell.Sentence(one.Detail)])],
            },
        ],
        Notes = found.Any(one => one.Check == Urls)
            ? []
            : ["Where it listens is not looked at: give dtmcp check the --urls that dtmcp serve gets."],
        Next = [],
    };

    private void Bearer(ServingOptions options)
    {
        if (options.BearerTokenFile is { } one)
        {
            const string Name = "DTMCP_BEARER_TOKEN_FILE";
            Try(Name, () =>
            {
                ServingSettings.CheckedToken(SecretFile.Read(Name, one));
                return "one token for all: nobody can be told from another. dtmcp token NAME makes one each";
            });
        }

        if (options.TokensFile is { } file)
        {
            var name = OptionCatalog.TokensFile.Name;
            IReadOnlyList<(string Who, Reach Reach)> lines = [];
            Try(name, () =>
            {
                lines = [.. TokenList.Parse(SecretFile.Read(name, file), appliances).Lines];
                return Text($"{lines.Count} tokens of {lines.Select(line => line.Who).Distinct().Count()} users");
            });
            Told(lines);
        }
    }

    private async Task IssuerAsync(ServingOptions options, CancellationToken cancellationToken)
    {
        if (options.OAuth is not { } oauth)
        {
            return;
        }

        try
        {
            var keys = await new IssuerDocuments(oauth.Issuer, clock).ReadKeysAsync().WaitAsync(cancellationToken);
            Add(OptionCatalog.OAuthIssuer.Name, ServeFinding.Ok,
                Text($"answers with {keys.Count} keys; audience {oauth.Audience}, scope {oauth.Scope}"));
        }
        catch (IssuerException refused)
        {
            Add(OptionCatalog.OAuthIssuer.Name, ServeFinding.Mend, refused.Message);
        }
    }

    private void Granted(ServingOptions options)
    {
        if (options.GrantsFile is { } file)
        {
            var name = OptionCatalog.GrantsFile.Name;
            IReadOnlyList<(string Who, Reach Reach)> lines = [];
            Try(name, () =>
            {
                lines = [.. Grants.Parse(SecretFile.Read(name, file), appliances).Lines];
                return "who has no line may use nothing";
            });
            Told(lines);
        }
    }

    // Who may what, never with what.
    private void Told(IReadOnlyList<(string Who, Reach Reach)> lines)
    {
        foreach (var (who, reach) in lines)
        {
            var may = reach.Grants.Select(grant =>
                $"{(grant.Tools is null ? "all tools" : string.Join(", ", grant.Tools.Order(StringComparer.Ordinal)))} on " +
                (grant.Appliances is null ? "all appliances" : string.Join(", ", grant.Appliances.Order(StringComparer.Ordinal))));
            Add(who, ServeFinding.Ok, string.Join("; ", may));
        }
    }

    private void Cursors(ServingOptions options) => Try(OptionCatalog.CursorKeyFile.Name, () => options.CursorKeyFile is { } file
        ? Text($"{CursorKeys.Parse(SecretFile.Read(OptionCatalog.CursorKeyFile.Name, file)).Count} secrets; the first marks")
        : "not set: cursors are good in one process, until it ends");

    private void Certificate(ServingOptions options)
    {
        if (options.Tls is not { } tls)
        {
            return;
        }

        Try(OptionCatalog.TlsCertFile.Name, () =>
        {
            _ = ServerCertificate.Open(tls.CertFile, tls.KeyFile, clock, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
            using var certificate = X509Certificate2.CreateFromPem(SecretFile.Read(OptionCatalog.TlsCertFile.Name, tls.CertFile));
            var end = new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);
            var left = end - clock.GetUtcNow();
            var day = end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            return left < TimeSpan.Zero ? throw new SetupException($"The certificate has expired, on {day}. Renew it.")
                : left < SoonExpired ? throw new SetupException($"The certificate expires soon, on {day}. Renew it.")
                : $"good until {day}";
        });
    }

    private void Names(ServingOptions options)
    {
        var hosts = options.Hosts.Count > 0 ? string.Join(", ", options.Hosts)
            : options.Identity == IdentityKind.None ? "those of loopback" : "any; on loopback its own";
        Add(OptionCatalog.AllowedHosts.Name, ServeFinding.Ok, hosts);
        if (options.Origins.Count > 0)
        {
            Add(OptionCatalog.AllowedOrigins.Name, ServeFinding.Ok, string.Join(", ", options.Origins));
        }

        if (options.Proxies.Ranges.Count > 0)
        {
            var wide = options.Proxies.Ranges.Where(range => range.PrefixLength < WidestProxies).ToList();
            Add(OptionCatalog.TrustedProxies.Name, wide.Count == 0 ? ServeFinding.Ok : ServeFinding.Mend, wide.Count == 0
                ? string.Join(", ", options.Proxies.Ranges)
                : $"{wide[0]} is nearly everybody, and each of them is believed who they ask for. Name the proxies alone.");
        }
    }

    private void Limits(LimitOptions limits)
    {
        string[] parts =
        [
            Text($"a user {Rate(limits.RatePerUser)} and {limits.ConcurrencyPerUser} at once"),
            Text($"all {Rate(limits.Rate)} and {limits.Concurrency} at once"),
            Text($"{limits.Answer.TotalSeconds:0} s for an answer, {limits.Incoming.TotalSeconds:0} s for a request to come in"),
            Text($"{limits.Grace.TotalSeconds:0} s to end"),
        ];
        Add("limits", ServeFinding.Ok, string.Join("; ", parts));
    }

    private static string Rate(int rate) => rate == 0 ? "any number a minute" : Text($"{rate} a minute");

    private static string Observed(ObservingOptions? options)
    {
        if (options is null)
        {
            return "nothing is told to a collector";
        }

        IEnumerable<string?> told =
        [
            options.Traces ? "traces" : null, options.Metrics ? "metrics" : null, options.Logs ? "logs" : null,
            options.Scrape is { } page ? $"a page for Prometheus at {page}, which asks nobody who they are" : null,
        ];
        return string.Join(", ", told.OfType<string>());
    }

    private bool IsSet(OptionEntry option) => settings.Told(option.Name) is not null
        || (option.HasFile && settings.Told(option.Name + OptionCatalog.FileSuffix) is not null);

    private void Add(string check, string result, string detail) => _found.Add(new ServeFinding(check, result, detail));

    private void Try(string check, Func<string> look)
    {
        try
        {
            Add(check, ServeFinding.Ok, look());
        }
        catch (SetupException refused)
        {
            Add(check, ServeFinding.Mend, refused.Message);
        }
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
