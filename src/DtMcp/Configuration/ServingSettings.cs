using DtMcp.Tools.Arguments;

namespace DtMcp.Configuration;

/// <summary>
/// The settings of <c>serve</c> as typed values, checked. What would be without effect is refused: somebody relied on it.
/// </summary>
internal static class ServingSettings
{
    private static readonly string[] Kinds = ["none", "bearer", "oauth", "header"];

    // Which settings belong to one way of knowing who asks, and to no other.
    private static readonly (IdentityKind Kind, OptionEntry[] Options)[] Own =
    [
        (IdentityKind.Bearer, [OptionCatalog.BearerToken, OptionCatalog.TokensFile]),
        (IdentityKind.OAuth,
            [
                OptionCatalog.OAuthIssuer, OptionCatalog.OAuthResource, OptionCatalog.OAuthAudience, OptionCatalog.OAuthScope,
                OptionCatalog.OAuthGroupsClaim,
            ]),
        (IdentityKind.Header, [OptionCatalog.IdentityHeader]),
    ];

    /// <exception cref="SetupException">One cannot be followed.</exception>
    public static ServingOptions Read(Settings settings)
    {
        var kind = Kind(settings);
        foreach (var (owner, options) in Own)
        {
            if (owner != kind && Array.Find(options, option => IsSet(settings, option)) is { } stray)
            {
                throw new SetupException(
                    $"{stray.Name} is set, but {OptionCatalog.Identity.Name} is {Kinds[(int)kind]}. Unset one of them, or set " +
                    $"{OptionCatalog.Identity.Name}={Kinds[(int)owner]}.");
            }
        }

        if (settings.Text(OptionCatalog.GrantsFile) is null
            ? settings.Text(OptionCatalog.OAuthGroupsClaim) is not null : kind is IdentityKind.None or IdentityKind.Bearer)
        {
            throw new SetupException(kind == IdentityKind.Bearer
                ? $"{OptionCatalog.GrantsFile.Name} is for oauth and header. Put tools=... and appliances=... behind the token's line."
                : $"{OptionCatalog.GrantsFile.Name} says who may use what, {OptionCatalog.OAuthGroupsClaim.Name} where a token names its " +
                    $"groups: neither is of use without the other's part, or where {OptionCatalog.Identity.Name} is none.");
        }

        var tokenFile = settings.Told(OptionCatalog.BearerToken.Name + OptionCatalog.FileSuffix);
        return new ServingOptions
        {
            Identity = kind,
            BearerToken = tokenFile is null && settings.Text(OptionCatalog.BearerToken) is { } token ? CheckedToken(token) : null,
            BearerTokenFile = tokenFile,
            TokensFile = settings.Text(OptionCatalog.TokensFile),
            OAuth = kind == IdentityKind.OAuth ? OAuth(settings) : null,
            IdentityHeader = kind == IdentityKind.Header ? Header(settings) : null,
            CursorKeyFile = settings.Text(OptionCatalog.CursorKeyFile),
            GrantsFile = settings.Text(OptionCatalog.GrantsFile),
            Proxies = Proxies(settings),
            Tls = Tls(settings),
            Limits = Limits(settings),
            Hosts = Words(settings, OptionCatalog.AllowedHosts, IsHost, "names such as dtmcp.example.com, without port"),
            Origins = Words(settings, OptionCatalog.AllowedOrigins, IsOrigin, "origins such as https://app.example.com"),
        };
    }

    /// <summary>The one token, if it may be one.</summary>
    public static string CheckedToken(string token) => token switch
    {
        { Length: < 16 } => throw new SetupException(
            $"{OptionCatalog.BearerToken.Name} is shorter than 16 characters. Set a long random one."),
        _ when token.AsSpan().ContainsAnyExceptInRange('!', '~') =>
            throw new SetupException($"{OptionCatalog.BearerToken.Name} holds a blank or a special character. Set printable ASCII."),
        _ => token,
    };

    private static IdentityKind Kind(Settings settings)
    {
        var otherwise = Array.Exists(Own[0].Options, option => IsSet(settings, option)) ? "bearer" : "none";
        var kind = (IdentityKind)Array.IndexOf(Kinds, settings.Choice(OptionCatalog.Identity, Kinds, otherwise));
        return kind == IdentityKind.Bearer && otherwise == "none"
            ? throw new SetupException(
                $"{OptionCatalog.Identity.Name} is bearer, and there is no token. Set {OptionCatalog.TokensFile.Name} or " +
                $"{OptionCatalog.BearerToken.Name}{OptionCatalog.FileSuffix}.")
            : kind;
    }

    private static bool IsSet(Settings settings, OptionEntry option) => settings.Told(option.Name) is not null
        || (option.HasFile && settings.Told(option.Name + OptionCatalog.FileSuffix) is not null);

    private static OAuthOptions OAuth(Settings settings)
    {
        var resource = Address(settings, OptionCatalog.OAuthResource, "https://dtmcp.example.com/mcp");
        var scope = settings.Text(OptionCatalog.OAuthScope) ?? OptionCatalog.OAuthScope.Default;
        // RFC 6749 3.3.
        if (scope.AsSpan().ContainsAnyExceptInRange('!', '~') || scope.Contains('"') || scope.Contains('\\'))
        {
            throw new SetupException($"{OptionCatalog.OAuthScope.Name} is {Refusal.Shown(scope)}. Set the name of one scope.");
        }

        return new OAuthOptions(Address(settings, OptionCatalog.OAuthIssuer, "https://login.example.com"), resource,
            settings.Text(OptionCatalog.OAuthAudience) ?? resource.OriginalString, scope,
            settings.Text(OptionCatalog.OAuthGroupsClaim) ?? OptionCatalog.OAuthGroupsClaim.Default);
    }

    private static Uri Address(Settings settings, OptionEntry option, string example)
    {
        var text = settings.Text(option) ?? throw new SetupException(
            $"{option.Name} is not set, and {OptionCatalog.Identity.Name} is oauth. Set it ({option.Meaning}), such as {example}.");
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Query.Length == 0 && address.Fragment.Length == 0
            && address.UserInfo.Length == 0 && IsSafe(address)
            ? address
            : throw new SetupException(
                $"{option.Name} is {Refusal.Shown(text)}. Set an https address without query, such as {example}; plain http is for " +
                "loopback only.");
    }

    /// <summary>Whether what goes to an address cannot be read or changed on its way.</summary>
    public static bool IsSafe(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    private static string Header(Settings settings)
    {
        var name = settings.Text(OptionCatalog.IdentityHeader) ?? throw new SetupException(
            $"{OptionCatalog.Identity.Name} is header, and {OptionCatalog.IdentityHeader.Name} is not set. Set the header in which the " +
            "gateway names the user, such as X-Forwarded-User.");
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            throw new SetupException(
                $"{OptionCatalog.IdentityHeader.Name} is {Refusal.Shown(name)}. Set the name of one header: letters, digits and hyphens.");
        }

        return settings.Text(OptionCatalog.TrustedProxies) is null
            ? throw new SetupException(
                $"{OptionCatalog.Identity.Name} is header, and {OptionCatalog.TrustedProxies.Name} is not set: anybody could name a " +
                "user. Set the addresses that the gateway asks from.")
            : name;
    }

    private static AddressList Proxies(Settings settings) => settings.Text(OptionCatalog.TrustedProxies) is not { } text
        ? AddressList.None
        : AddressList.FromText(text) ?? throw new SetupException(
            $"{OptionCatalog.TrustedProxies.Name} is {Refusal.Shown(text)}. Set addresses and ranges with commas between them, such as " +
            "10.0.0.5,192.0.2.0/24.");

    private static (string CertFile, string KeyFile)? Tls(Settings settings) =>
        (settings.Text(OptionCatalog.TlsCertFile), settings.Text(OptionCatalog.TlsKeyFile)) switch
        {
            (null, null) => null,
            ({ } cert, { } key) => (cert, key),
            _ => throw new SetupException(
                $"{OptionCatalog.TlsCertFile.Name} and {OptionCatalog.TlsKeyFile.Name} belong together. Set both, or neither."),
        };

    private static LimitOptions Limits(Settings settings)
    {
        const int MostRequests = 1_000_000;
        var limits = new LimitOptions();
        int number(OptionEntry option, int least, int most, int otherwise) => (int)settings.Whole(option, least, most, otherwise);
        TimeSpan seconds(OptionEntry option, int most, TimeSpan otherwise) =>
            TimeSpan.FromSeconds(number(option, 1, most, (int)otherwise.TotalSeconds));
        return new LimitOptions
        {
            RatePerUser = number(OptionCatalog.RatePerUser, 0, MostRequests, limits.RatePerUser),
            Rate = number(OptionCatalog.Rate, 0, MostRequests, limits.Rate),
            ConcurrencyPerUser = number(OptionCatalog.ConcurrencyPerUser, 1, MostRequests, limits.ConcurrencyPerUser),
            Concurrency = number(OptionCatalog.Concurrency, 1, MostRequests, limits.Concurrency),
            Incoming = seconds(OptionCatalog.RequestTimeout, 3_600, limits.Incoming),
            Answer = seconds(OptionCatalog.AnswerTimeout, 86_400, limits.Answer),
            Grace = seconds(OptionCatalog.Grace, 3_600, limits.Grace),
        };
    }

    private static string[] Words(Settings settings, OptionEntry option, Func<string, bool> isOne, string what)
    {
        var words = (settings.Text(option) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Array.Find(words, word => !isOne(word)) is { } wrong
            ? throw new SetupException($"{option.Name} has {Refusal.Shown(wrong)}. Set {what}, with commas between them.")
            : words;
    }

    private static bool IsHost(string word) => Uri.CheckHostName(word.Trim('[', ']')) != UriHostNameType.Unknown;

    private static bool IsOrigin(string word) => Uri.TryCreate(word, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && uri.GetLeftPart(UriPartial.Authority) == word;
}
