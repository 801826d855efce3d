using System.Text;
using System.Text.Json.Nodes;
using DtMcp.Configuration;

namespace DtMcp.Serving.Access;

/// <summary>What a client is told of where tokens come from: the metadata (RFC 9728) and the challenges that lead there.</summary>
internal sealed class ProtectedResource
{
    /// <summary>Where the metadata is; behind it stands the path of the resource.</summary>
    public const string Place = "/.well-known/oauth-protected-resource";

    private readonly string _scope;
    private readonly string _metadata;

    public ProtectedResource(OAuthOptions options)
    {
        _scope = options.Scope;
        // RFC 9728 3.1: between host and path.
        _metadata = options.Resource.GetLeftPart(UriPartial.Authority) + Place + options.Resource.AbsolutePath.TrimEnd('/');
        Document = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["resource"] = options.Resource.OriginalString,
            ["authorization_servers"] = new JsonArray(options.Issuer.OriginalString),
            ["scopes_supported"] = new JsonArray(options.Scope),
            ["bearer_methods_supported"] = new JsonArray("header"),
            ["resource_name"] = "DtMcp",
        }.ToJsonString());
    }

    /// <summary>The metadata, JSON.</summary>
    public ReadOnlyMemory<byte> Document { get; }

    /// <summary>A challenge; the error only where a token was given (RFC 6750 3.1).</summary>
    /// <param name="error">Its code, or null.</param>
    /// <param name="description">Why, in words of our own.</param>
    public string Challenge(string? error = null, string? description = null) =>
        $"Bearer {(error is null ? "" : $"error=\"{error}\", error_description=\"{description}\", ")}" +
        $"scope=\"{_scope}\", resource_metadata=\"{_metadata}\"";
}
