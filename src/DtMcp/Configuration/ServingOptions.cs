namespace DtMcp.Configuration;

/// <summary>How <c>serve</c> knows who asks.</summary>
internal enum IdentityKind
{
    /// <summary>Anybody who reaches it: loopback only.</summary>
    None,

    /// <summary>Tokens that it was given.</summary>
    Bearer,

    /// <summary>Tokens of an authorization server.</summary>
    OAuth,

    /// <summary>A gateway that knows, and names the user in a header.</summary>
    Header,
}

/// <summary>What <c>serve</c> is told of who may ask, and from where. Checked; files are not opened yet.</summary>
internal sealed record ServingOptions
{
    public IdentityKind Identity { get; init; }

    /// <summary>The one token, where it was said itself.</summary>
    public string? BearerToken { get; init; }

    /// <summary>The file of the one token.</summary>
    public string? BearerTokenFile { get; init; }

    /// <summary>The file of named tokens.</summary>
    public string? TokensFile { get; init; }

    /// <summary>The authorization server; with <see cref="IdentityKind.OAuth"/> only.</summary>
    public OAuthOptions? OAuth { get; init; }

    /// <summary>The gateway's header; with <see cref="IdentityKind.Header"/> only.</summary>
    public string? IdentityHeader { get; init; }

    /// <summary>The file of who may use what; null where everybody who is known may use everything, or their tokens' lines say.</summary>
    public string? GrantsFile { get; init; }

    /// <summary>The file of the keys that mark cursors; null for a key of the process.</summary>
    public string? CursorKeyFile { get; init; }

    /// <summary>The appliances that there are, which grants are checked against; null where that is not known.</summary>
    public IReadOnlyList<string>? Appliances { get; init; }

    /// <summary>Proxies whose word is taken: for who asks, and for what was asked of them.</summary>
    public AddressList Proxies { get; init; } = AddressList.None;

    /// <summary>The certificate and its key, two PEM files; null for plain HTTP.</summary>
    public (string CertFile, string KeyFile)? Tls { get; init; }

    /// <summary>How much it takes on.</summary>
    public LimitOptions Limits { get; init; } = new();

    /// <summary>Names that it answers to beside what it answers to anyway.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Origins of pages that may ask beside its own.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];
}

/// <summary>Whose tokens are taken, and which of them.</summary>
/// <param name="Issuer">As the tokens say it (<c>iss</c>): https, or http on loopback.</param>
/// <param name="Resource">The address of the MCP endpoint as clients know it.</param>
/// <param name="Audience">What a token must be for (<c>aud</c>).</param>
/// <param name="Scope">What a token must allow.</param>
/// <param name="GroupsClaim">Where a token names the groups of its subject.</param>
internal sealed record OAuthOptions(Uri Issuer, Uri Resource, string Audience, string Scope, string GroupsClaim = "groups");
