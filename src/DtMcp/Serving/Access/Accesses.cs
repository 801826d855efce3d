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
            IdentityKind.OAuth => OAuth(options.OAuth!, clock, logger),
            IdentityKind.Header => new HeaderAccess(options.IdentityHeader!, options.Proxies),
            _ => null,
        };
    }

    private static OAuthAccess OAuth(OAuthOptions options, TimeProvider clock, ILogger logger) => new(
        options, new IssuerKeys(new IssuerDocuments(options.Issuer, clock).ReadKeysAsync, clock, logger), new ProtectedResource(options));
}
