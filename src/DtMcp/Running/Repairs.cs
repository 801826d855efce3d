using DtMcp.Configuration;

namespace DtMcp.Running;

/// <summary>
/// What to do about what a check found, step by step. The page on troubleshooting has the same steps, and a test compares them.
/// </summary>
internal static class Repairs
{
    private static readonly string[] Token =
    [
        "In the appliance's web page open System Config, Settings, API Token, and make a new pair.",
        "Or let a local user with API Access make one: then answers hold what that user may see.",
        "Put each half into a file of its own: umask 077; cat > ~/.dtmcp-public, paste, Enter, Ctrl+D; the same with ~/.dtmcp-private.",
        "Set DARKTRACE_PUBLIC_TOKEN_FILE and DARKTRACE_PRIVATE_TOKEN_FILE to their whole paths.",
    ];

    private static readonly string[] Certificate =
    [
        "Fetch the chain: openssl s_client -connect YOUR-INSTANCE:443 -showcerts </dev/null",
        "Ask whoever runs the appliance whether the last certificate is theirs, and put it, BEGIN and END lines included, into a file.",
        "Set DARKTRACE_CA_FILE to the file; or pin the appliance's own certificate with DARKTRACE_CERT_SHA256.",
    ];

    private static readonly Dictionary<string, string[]> Steps = new(StringComparer.Ordinal)
    {
        [OptionCatalog.Host.Name] =
        [
            "Open the appliance in a browser and copy its address, up to the first slash after the name.",
            "Set DARKTRACE_HOST to it, in the client's configuration of this server and in this shell.",
        ],
        [OptionCatalog.PublicToken.Name] = Token,
        [OptionCatalog.PrivateToken.Name] = Token,
        [OptionCatalog.CaFile.Name] = Certificate,
        [OptionCatalog.CertSha256.Name] =
        [
            "Show the fingerprint: openssl s_client -connect YOUR-INSTANCE:443 </dev/null | openssl x509 -noout -fingerprint -sha256",
            "Compare it with what the appliance's own page shows, and set DARKTRACE_CERT_SHA256 to the 64 digits.",
        ],
        [OptionCatalog.TokensFile.Name] =
        [
            "Make a token for each user: dtmcp token NAME; the first line is for the client, the second for the file.",
            "Write a new file beside it, chmod 600, and rename: a change holds within two seconds.",
        ],
        [OptionCatalog.GrantsFile.Name] =
        [
            "Write a line for each user, group or everybody: alice tools=hunt_traffic appliances=london; @soc; * tools=check_appliance.",
            "dtmcp tools lists the tools; the appliances are those of appsettings.json, or the host's name where there is one.",
        ],
        [OptionCatalog.CursorKeyFile.Name] =
        [
            "Make one: umask 077; openssl rand -hex 32 > /etc/dtmcp/cursors; give each replica the same file.",
            "To replace it put the new one above the old, and take the old one away a day later.",
        ],
        [OptionCatalog.TlsCertFile.Name] =
        [
            "Renew the certificate, and put it with its chain into the file, the key into that of DTMCP_TLS_KEY_FILE, both PEM.",
            "It is shown to the next connection, without a restart.",
        ],
        [OptionCatalog.TrustedProxies.Name] =
        [
            "List the addresses of the proxies that stand directly before serve, and no others.",
        ],
        [OptionCatalog.OAuthIssuer.Name] =
        [
            "Try it from this machine: curl -s ISSUER/.well-known/openid-configuration; its issuer must be the same, letter for letter.",
            "For a private authority name its bundle in SSL_CERT_FILE.",
        ],
        ["took_too_long"] =
        [
            "Ask for a shorter window, or with a filter; evidence=counts answers long windows in few requests.",
            "Whoever runs the server may give it more time: DTMCP_ANSWER_TIMEOUT, in seconds.",
        ],
        [SetupReview.Code] =
        [
            "Mend the setting where this server is started: the client's configuration, the shell, or appsettings.json beside dtmcp.",
        ],
        ["signature_rejected"] =
        [
            "Check that both tokens are of one pair: a new pair makes the old one useless, and there is one pair for each master instance.",
            "Look for what is not of the token: wc -c FILE says 41 for 40 letters and a line end, which is fine; more is not.",
            "Ask the master instance, not a probe.",
            "Behind a gateway that rewrites addresses, try DARKTRACE_SIGN_ENCODED=true, then DARKTRACE_DATE_FORMAT=compact.",
        ],
        ["clock_skew"] =
        [
            "Look at this machine's clock: timedatectl status, or date -u",
            "Switch time synchronisation on: timedatectl set-ntp true; in a virtual machine or container mend the host's clock.",
            "If this clock is right, the appliance's is wrong: tell whoever runs it.",
        ],
        ["request_rejected"] =
        [
            "Try the smallest question: dtmcp call summarize_network_traffic last=15m",
            "If that works, leave out one filter after another; list_filter_values says what each may be.",
        ],
        ["permission_denied"] =
        [
            "Let an administrator open the token's user on the appliance and give the permission that the line names.",
            "For whole answers: Visualizer, Unrestricted Devices and Advanced Search; Status for the version.",
            "Wait ten minutes or restart DtMcp: a refusal is remembered that long.",
        ],
        ["not_available"] =
        [
            "The part may not be licensed or the version may be older: DtMcp goes on without it and says so in each answer.",
        ],
        ["not_darktrace"] =
        [
            "Open DARKTRACE_HOST in a browser: it must show the appliance's log-in page, not a portal, proxy or load balancer.",
            "Take the address from the browser's line once logged in.",
        ],
        ["appliance_busy"] =
        [
            "Wait a minute and ask again.",
            "If it stays, set DARKTRACE_MAX_CONCURRENCY=1 and ask for smaller windows.",
        ],
        ["not_answering"] =
        [
            "Wait for the time that the sentence names; one small request tries the appliance then.",
            "What it failed with stands in brackets: look there for what to do.",
        ],
        ["busy"] = ["Wait for the other questions to end, or ask for a smaller window."],
        ["unreachable"] =
        [
            "Try it from this machine: curl -sv https://YOUR-INSTANCE/ -o /dev/null",
            "If a proxy stands between, set HTTPS_PROXY where DtMcp is started, or add the appliance to NO_PROXY.",
            "If only a VPN or another network reaches the appliance, start DtMcp there.",
        ],
        ["untrusted_certificate"] = Certificate,
        ["bad_answer"] =
        [
            "Ask again; then with a smaller window.",
            "If a proxy or gateway stands between, look whether it limits the size or the time of answers.",
        ],
        ["timeout"] =
        [
            "Ask for a smaller window: last=1h",
            "Raise DARKTRACE_TIMEOUT (seconds for a whole request).",
        ],
        ["invalid_argument"] = ["Change the argument as the sentence says; dtmcp tools lists what each tool takes."],
    };

    /// <summary>Every code and setting that has steps.</summary>
    public static IReadOnlyDictionary<string, string[]> All => Steps;

    /// <summary>The steps for a setting, else for a code.</summary>
    public static IReadOnlyList<string> Of(string check, string code) =>
        Steps.GetValueOrDefault(check) ?? Steps.GetValueOrDefault(code) ?? [];
}
