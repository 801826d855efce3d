namespace DtMcp.Serving.Access;

/// <summary>The token of a request: from the header alone, never from the address (RFC 6750 2.1; MCP, Authorization).</summary>
internal static class BearerHeader
{
    private const string Scheme = "Bearer ";

    /// <summary>The token, or null where no bearer token was given, or more than one.</summary>
    public static string? Read(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? value[Scheme.Length..].Trim()
            : null;
}
