namespace DtMcp.Configuration;

/// <summary>One setting of the program.</summary>
/// <param name="Name">The environment variable.</param>
/// <param name="Meaning">A few words, as the README has them.</param>
/// <param name="Default">What holds without it; <c>required</c> when nothing does.</param>
internal sealed record OptionEntry(string Name, string Meaning, string Default)
{
    /// <summary>Whether <c>NAME_FILE</c> names a file that holds the value.</summary>
    public bool HasFile { get; init; }

    /// <summary>Whether that file may be read by all: its value is no secret.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether the value is a file that others must not read or change.</summary>
    public bool IsSecretFile { get; init; }

    /// <summary>Its key in <c>appsettings.json</c>: <c>DARKTRACE_CA_FILE</c> is <c>Darktrace:CaFile</c>.</summary>
    public string Key { get; } = KeyOf(Name);

    public static string KeyOf(string name)
    {
        var words = name.Split('_');
        var section = words[0] == "DTMCP" ? "DtMcp" : "Darktrace";
        return $"{section}:{string.Concat(words.Skip(1).Select(word => word[..1] + word[1..].ToLowerInvariant()))}";
    }
}

/// <summary>Every setting, once; the README's table is tested against it.</summary>
internal static class OptionCatalog
{
    public const string FileSuffix = "_FILE";

    public static readonly OptionEntry Host = new("DARKTRACE_HOST", "https://instance; plain http for loopback only", "required");

    public static readonly OptionEntry PublicToken = new("DARKTRACE_PUBLIC_TOKEN", "public half of the token pair", "required")
    {
        HasFile = true,
    };

    public static readonly OptionEntry PrivateToken = new("DARKTRACE_PRIVATE_TOKEN", "private half of the token pair", "required")
    {
        HasFile = true,
    };

    public static readonly OptionEntry CaFile = new("DARKTRACE_CA_FILE", "PEM file of a private certificate authority", "system trust");

    public static readonly OptionEntry CertSha256 = new("DARKTRACE_CERT_SHA256", "SHA-256 of the only certificate to trust",
        "system trust");

    public static readonly OptionEntry Timeout = new("DARKTRACE_TIMEOUT", "seconds for a whole request, retries included", "60");

    public static readonly OptionEntry MaxConcurrency = new("DARKTRACE_MAX_CONCURRENCY", "requests at once to the appliance", "4");

    public static readonly OptionEntry DateFormat = new("DARKTRACE_DATE_FORMAT", "form of the date header: spaced, extended or compact",
        "spaced");

    public static readonly OptionEntry SignEncoded = new("DARKTRACE_SIGN_ENCODED", "sign the percent-encoded query: true or false",
        "false");

    public static readonly OptionEntry MaxFlows = new("DTMCP_MAX_FLOWS", "connections that one capture keeps", "2000000");

    public static readonly OptionEntry MaxHosts = new("DTMCP_MAX_HOSTS", "endpoints that one reading tells apart", "500000");

    public static readonly OptionEntry CacheMb = new("DTMCP_CACHE_MB", "MiB that all captures keep", "256");

    public static readonly OptionEntry ReadingMb = new("DTMCP_READING_MB", "MiB that all readings under way may take", "1536");

    public static readonly OptionEntry SliceHours = new("DTMCP_SLICE_HOURS", "hours asked in one request; longer windows go in slices",
        "24");

    public static readonly OptionEntry Evidence = new("DTMCP_EVIDENCE", "auto, network (only /network) or records (Advanced Search)",
        "auto");

    public static readonly OptionEntry InternalRanges = new("DTMCP_INTERNAL_RANGES",
        "ranges that are inside, instead of the private ones; +RANGE adds", "RFC 1918, fc00::/7");

    public static readonly OptionEntry KnownGood = new("DTMCP_KNOWN_GOOD",
        "what hunts lower: ranges, AS numbers, ends of host names, ports, each with its reason", "none")
    {
        HasFile = true,
        IsOpen = true,
    };

    public static readonly OptionEntry BearerToken = new("DTMCP_BEARER_TOKEN", "token that serve asks of its clients",
        "none, loopback only")
    {
        HasFile = true,
    };

    public static readonly OptionEntry Identity = new("DTMCP_IDENTITY", "how serve knows who asks: none, bearer, oauth or header",
        "bearer with a token, else none");

    public static readonly OptionEntry TokensFile = new("DTMCP_TOKENS_FILE", "file of named tokens, hashed (dtmcp token makes one)", "none")
    {
        IsSecretFile = true,
    };

    public static readonly OptionEntry OAuthIssuer = new("DTMCP_OAUTH_ISSUER", "https address of who issues the tokens", "none");

    public static readonly OptionEntry OAuthResource = new("DTMCP_OAUTH_RESOURCE", "https address that clients use for /mcp", "none");

    public static readonly OptionEntry OAuthAudience = new("DTMCP_OAUTH_AUDIENCE", "audience that a token must have", "the resource");

    public static readonly OptionEntry OAuthScope = new("DTMCP_OAUTH_SCOPE", "scope that a token must have", "dtmcp.read");

    public static readonly OptionEntry OAuthGroupsClaim = new("DTMCP_OAUTH_GROUPS_CLAIM", "claim in which a token names its groups",
        "groups");

    public static readonly OptionEntry GrantsFile = new("DTMCP_GRANTS_FILE", "file of who may use which tools and appliances",
        "everything");

    public static readonly OptionEntry CursorKeyFile = new("DTMCP_CURSOR_KEY_FILE", "file of the secrets that mark cursors, newest first",
        "one of the process")
    {
        IsSecretFile = true,
    };

    public static readonly OptionEntry IdentityHeader = new("DTMCP_IDENTITY_HEADER", "header in which the gateway names the user", "none");

    public static readonly OptionEntry TrustedProxies = new("DTMCP_TRUSTED_PROXIES", "addresses or ranges of proxies that are believed",
        "none");

    public static readonly OptionEntry TlsCertFile = new("DTMCP_TLS_CERT_FILE", "PEM file of serve's certificate and its chain", "no TLS");

    public static readonly OptionEntry TlsKeyFile = new("DTMCP_TLS_KEY_FILE", "PEM file of the certificate's key", "no TLS")
    {
        IsSecretFile = true,
    };

    public static readonly OptionEntry AllowedHosts = new("DTMCP_ALLOWED_HOSTS", "names that serve answers to",
        "any; on loopback its names");

    public static readonly OptionEntry AllowedOrigins = new("DTMCP_ALLOWED_ORIGINS", "origins of web pages that may ask", "its own");

    public static readonly OptionEntry RatePerUser = new("DTMCP_RATE_PER_USER", "requests a minute of one user; 0 for any", "600");

    public static readonly OptionEntry Rate = new("DTMCP_RATE", "requests a minute of all users; 0 for any", "0");

    public static readonly OptionEntry ConcurrencyPerUser = new("DTMCP_CONCURRENCY_PER_USER", "requests at once of one user", "32");

    public static readonly OptionEntry Concurrency = new("DTMCP_CONCURRENCY", "requests at once of all users", "256");

    public static readonly OptionEntry RequestTimeout = new("DTMCP_REQUEST_TIMEOUT", "seconds for a request to come in", "30");

    public static readonly OptionEntry AnswerTimeout = new("DTMCP_ANSWER_TIMEOUT", "seconds for an answer", "300");

    public static readonly OptionEntry Grace = new("DTMCP_GRACE", "seconds that what runs has when serve is told to end", "25");

    public static readonly OptionEntry Audit = new("DTMCP_AUDIT", "a line for each call of serve: off, stderr or a file", "off");

    public static readonly OptionEntry AuditMb = new("DTMCP_AUDIT_MB", "MiB after which the audit file gives way to a new one", "100");

    public static readonly OptionEntry HistoryUrl = new("DTMCP_HISTORY_URL",
        "http addresses of ClickHouse's nodes, commas between them; https unless on loopback", "no history");

    public static readonly OptionEntry HistoryUser = new("DTMCP_HISTORY_USER", "user of ClickHouse; one who may write for collect alone",
        "default");

    public static readonly OptionEntry HistoryPassword = new("DTMCP_HISTORY_PASSWORD", "its password", "none")
    {
        HasFile = true,
    };

    public static readonly OptionEntry HistoryDatabase = new("DTMCP_HISTORY_DATABASE", "database of the history", "dtmcp");

    public static readonly OptionEntry HistoryCluster = new("DTMCP_HISTORY_CLUSTER", "cluster whose shards the nodes are", "one node");

    public static readonly OptionEntry HistoryCaFile = new("DTMCP_HISTORY_CA_FILE", "PEM file of authorities trusted for ClickHouse",
        "system trust");

    public static readonly OptionEntry HistoryDays = new("DTMCP_HISTORY_DAYS", "days that collect keeps", "90");

    public static readonly OptionEntry HistoryTimeout = new("DTMCP_HISTORY_TIMEOUT", "seconds that one query may take", "60");

    public static readonly OptionEntry HistoryMemoryMb = new("DTMCP_HISTORY_MEMORY_MB", "MiB that one query may take on a node", "2048");

    public static readonly OptionEntry HistoryMaxRows = new("DTMCP_HISTORY_MAX_ROWS", "rows that one query may read", "10000000000");

    public static readonly OptionEntry RedisUrl = new("DTMCP_REDIS_URL",
        "Redis that replicas of serve share: rediss://name:6379, or redis:// without TLS", "nothing is shared");

    public static readonly OptionEntry RedisUser = new("DTMCP_REDIS_USER", "user of Redis", "default");

    public static readonly OptionEntry RedisPassword = new("DTMCP_REDIS_PASSWORD", "its password", "none")
    {
        HasFile = true,
    };

    public static readonly OptionEntry RedisCaFile = new("DTMCP_REDIS_CA_FILE", "PEM file of authorities trusted for Redis",
        "system trust");

    public static readonly OptionEntry RedisKeysFile = new("DTMCP_REDIS_KEYS_FILE",
        "file of keys that all replicas have: the first seals what is shared, all open", "that of DTMCP_CURSOR_KEY_FILE")
    {
        IsSecretFile = true,
    };

    public static readonly OptionEntry RedisMb = new("DTMCP_REDIS_MB", "MiB that an appliance's captures take in Redis", "256");

    public static readonly OptionEntry Structured = new("DTMCP_STRUCTURED", "on: every answer is JSON of a declared schema, for programs",
        "off");

    public static readonly OptionEntry LogLevel = new("DTMCP_LOG_LEVEL", "trace, debug, information, warning, error or none, on stderr",
        "warning");

    public static IReadOnlyList<OptionEntry> All { get; } =
    [
        Host, PublicToken, PrivateToken, CaFile, CertSha256, Timeout, MaxConcurrency, DateFormat, SignEncoded,
        MaxFlows, MaxHosts, CacheMb, ReadingMb, SliceHours, Evidence, InternalRanges, KnownGood, BearerToken, TokensFile, Identity,
        OAuthIssuer, OAuthResource, OAuthAudience, OAuthScope, OAuthGroupsClaim, GrantsFile,
        CursorKeyFile, IdentityHeader, TrustedProxies, TlsCertFile, TlsKeyFile, AllowedHosts,
        AllowedOrigins, RatePerUser, Rate, ConcurrencyPerUser, Concurrency, RequestTimeout, AnswerTimeout, Grace, Audit,
        AuditMb, HistoryUrl, HistoryUser, HistoryPassword, HistoryDatabase, HistoryCluster, HistoryCaFile, HistoryDays, HistoryTimeout,
        HistoryMemoryMb, HistoryMaxRows, RedisUrl, RedisUser, RedisPassword, RedisCaFile, RedisKeysFile, RedisMb, Structured, LogLevel,
    ];

    /// <summary>The settings that are said both themselves and by their file.</summary>
    public static IEnumerable<OptionEntry> SaidTwice(Func<string, bool> isSaid) =>
        All.Where(option => option.HasFile && isSaid(option.Name) && isSaid(option.Name + FileSuffix));

    /// <summary>Every name that may be set, the <c>_FILE</c> variants with them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.SelectMany(option => option.HasFile
        ? new[] { option.Name, option.Name + FileSuffix } : [option.Name])];
}
