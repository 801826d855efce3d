using DtMcp.Configuration;

namespace DtMcp.Serving.Access;

/// <summary>The way of knowing who asks that the settings chose.</summary>
internal static class Accesses
{
    /// <summary>Null when anybody may ask.</summary>
    /// <exception cref="SetupException">A file cannot be read.</exception>
    public static IAccess? Open(ServingOptions options, TimeProvider clock, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger("DtMcp.Access");
        return options.Identity switch
        {
            IdentityKind.Bearer => BearerAccess.Open(options, clock, logger),
            IdentityKind.OAuth => OAuth(options.OAuth!, Granted(options, clock, logger), clock, logger),
            IdentityKind.Header => new HeaderAccess(options.IdentityHeader!, options.Proxies, Granted(options, clock, logger)),
            _ => null,
        };
    }

    private static OAuthAccess OAuth(OAuthOptions options, Func<Grants>? grants, TimeProvider clock, ILogger logger) => new(
        options, new IssuerKeys(new IssuerDocuments(options.Issuer, clock).ReadKeysAsync, clock, logger), new ProtectedResource(options),
        grants);

    // Null where everybody who is known may use everything.
    private static Func<Grants>? Granted(ServingOptions options, TimeProvider clock, ILogger logger)
    {
        if (options.GrantsFile is not { } file)
        {
            return null;
        }

        var name = OptionCatalog.GrantsFile.Name;
        var watched = new WatchedFile<Grants>(
            name, () => SecretFile.Read(name, file), text => Grants.Parse(text, options.Appliances), clock, logger);
        return () => watched.Current;
    }
}
