namespace DtMcp.Darktrace.Requests;

/// <summary>
/// One request to an appliance: where, and the parameters in the order they are signed and sent. A GET, or the one read-only POST when
/// <see cref="Json"/> is there.
/// </summary>
public sealed record ApplianceRequest
{
    internal static readonly HttpRequestOptionsKey<ApplianceRequest> Key = new("DtMcp.ApplianceRequest");

    internal ApplianceRequest(string endpoint, IReadOnlyList<Parameter> parameters)
    {
        foreach (var (key, value) in parameters)
        {
            Argument.RefuseUnsendable(key, value);
        }

        Endpoint = endpoint;
        Path = endpoint;
        Parameters = parameters;
    }

    /// <summary>The endpoint's name, such as <c>/network</c>; it is safe to log and picks the permission.</summary>
    public string Endpoint { get; }

    /// <summary>The path, exactly as sent and signed. Longer than <see cref="Endpoint"/> where a question travels in it.</summary>
    public string Path { get; internal init; }

    /// <summary>The query, not encoded, in the order sent.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The exact JSON of a POST body, or null for a GET.</summary>
    public string? Json { get; internal init; }

    /// <summary>What was asked, in words for an error: the parameters, or those that travel in the path or the body.</summary>
    internal IReadOnlyList<Parameter> Described { get => field ?? Parameters; init; }

    /// <summary>Where, and the names of what was sent; no values.</summary>
    public override string ToString() =>
        Parameters.Count == 0 ? Endpoint : $"{Endpoint} ({string.Join(", ", Parameters.Select(parameter => parameter.Key))})";
}
