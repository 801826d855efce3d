namespace DtMcp.Simulator.Signing;

/// <summary>Path and query as they stood in the request line, nothing decoded or normalised.</summary>
/// <param name="Path">The path, percent-encoded as sent.</param>
/// <param name="RawQuery">What follows the question mark; null when there is none.</param>
internal sealed record RequestTarget(string Path, string? RawQuery)
{
    public static RequestTarget Parse(string target)
    {
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? new RequestTarget(target, null) : new RequestTarget(target[..mark], target[(mark + 1)..]);
    }

    /// <summary>The name that keys errors: the first segment of the path.</summary>
    public string Endpoint
    {
        get
        {
            var rest = Path.AsSpan().TrimStart('/');
            var slash = rest.IndexOf('/');
            return Uri.UnescapeDataString((slash < 0 ? rest : rest[..slash]).ToString());
        }
    }

    /// <summary>The pairs, decoded, in the order in which they were sent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs()
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var part in (RawQuery ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            pairs.Add(equals < 0
                ? new(DecodePlus(part), "")
                : new(DecodePlus(part[..equals]), DecodePlus(part[(equals + 1)..])));
        }

        return pairs;
    }

    public static string Decode(string text) => Uri.UnescapeDataString(text);

    public static string DecodePlus(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
