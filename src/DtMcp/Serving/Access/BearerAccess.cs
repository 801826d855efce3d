using DtMcp.Configuration;
using DtMcp.Running;

namespace DtMcp.Serving.Access;

/// <summary>Those who have one of the tokens that serve was given.</summary>
internal sealed class BearerAccess(IReadOnlyList<Func<TokenList>> lists) : IAccess
{
    private const string Realm = "Bearer realm=\"dtmcp\"";

    private const string Needed = "A bearer token is needed.";

    /// <exception cref="SetupException">A file cannot be read.</exception>
    public static BearerAccess Open(ServingOptions options, TimeProvider clock, ILogger logger)
    {
        List<Func<TokenList>> lists = [];
        if (options.BearerToken is { } token)
        {
            var only = TokenList.Of(token);
            lists.Add(() => only);
        }

        if (options.BearerTokenFile is { } tokenFile)
        {
            const string Name = "DTMCP_BEARER_TOKEN_FILE";
            var watched = new WatchedFile<TokenList>(Name, () => SecretFile.Read(Name, tokenFile),
                text => TokenList.Of(ServingSettings.CheckedToken(text)), clock, logger);
            lists.Add(() => watched.Current);
        }

        if (options.TokensFile is { } tokensFile)
        {
            var name = OptionCatalog.TokensFile.Name;
            var watched = new WatchedFile<TokenList>(name, () => SecretFile.Read(name, tokensFile),
                text => TokenList.Parse(text, options.Appliances), clock, logger);
            lists.Add(() => watched.Current);
        }

        return new BearerAccess(lists);
    }

    public ValueTask<Admission> AdmitAsync(HttpContext context)
    {
        // RFC 6750 3: the error code only where a token was given.
        if (BearerHeader.Read(context.Request) is not { } token)
        {
            return ValueTask.FromResult(Admission.Unknown(Realm, Needed));
        }

        var digest = TokenList.Digest(token);
        (string Name, Reach Reach)? found = null;
        foreach (var list in lists)
        {
            found = list().Find(digest) ?? found;
        }

        return ValueTask.FromResult(found is var (name, reach)
            ? Admission.Of(name, "bearer", reach)
            : Admission.Unknown(Realm + ", error=\"invalid_token\"", Needed));
    }
}
