using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Requests.Searches;

/// <summary>The entries of Advanced Search that carry names.</summary>
public enum NameKind
{
    /// <summary>Names that were looked up (<c>@type:dns</c>).</summary>
    Dns,

    /// <summary>Server names of TLS (<c>@type:ssl</c>).</summary>
    Ssl,

    /// <summary>Hosts of HTTP (<c>@type:http</c>).</summary>
    Http,
}

/// <summary>A search for names in Advanced Search. Given filters must all match; absent ones are null.</summary>
public sealed record NameSearch
{
    public required NameKind Kind { get; init; }

    /// <summary>Both ends inclusive, by the time of the entry.</summary>
    public required TimeWindow Window { get; init; }

    /// <summary>Asked or called by one of these.</summary>
    public IReadOnlyList<NetAddress>? Sources { get; init; }

    /// <summary>Asked or called from one of these ports.</summary>
    public IReadOnlyList<int>? SourcePorts { get; init; }

    /// <summary>Asked or called by none of these.</summary>
    public IReadOnlyList<NetAddress>? OtherThan { get; init; }

    /// <summary>Of DNS: one of these is among the answers; else the server is one of these.</summary>
    public IReadOnlyList<NetAddress>? Hosts { get; init; }

    /// <summary>The name is one of these.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>A name with <c>*</c> for anything, such as <c>*.example.net</c>.</summary>
    public string? Pattern { get; init; }
}

/// <summary>What entries call their fields, and the words of a search for them.</summary>
internal static class NameSearchText
{
    private const string Allowed = "A name has letters, digits, dots, hyphens and underscores; * stands for anything.";

    internal static string Field(NameKind kind) => kind switch
    {
        NameKind.Dns => "@fields.query",
        NameKind.Ssl => "@fields.server_name",
        _ => "@fields.host",
    };

    internal static string Build(NameSearch search)
    {
        Argument.CheckWindow(search.Window);
        var name = Field(search.Kind);
        List<string> terms = [$"@type:{search.Kind.ToString().ToLowerInvariant()}"];
        Add(search.Sources, "", "@fields.source_ip");
        if (search.SourcePorts is { Count: > 0 } ports)
        {
            terms.Add($"@fields.source_port:({string.Join(" OR ", ports)})");
        }

        Add(search.OtherThan, "NOT ", "@fields.source_ip");
        Add(search.Hosts, "", search.Kind == NameKind.Dns ? "@fields.answers" : "@fields.dest_ip");
        if (search.Names is { Count: > 0 } names)
        {
            terms.Add($"{name}:({string.Join(" OR ", names.Select(Quoted))})");
        }

        if (search.Pattern is { } pattern)
        {
            terms.Add($"{name}:{Checked(pattern)}");
        }

        terms.Add(ConnSearchText.After(search.Window));
        terms.Add(ConnSearchText.Before(search.Window));
        return string.Join(" AND ", terms);

        void Add(IReadOnlyList<NetAddress>? addresses, string not, string field)
        {
            if (addresses is { Count: > 0 })
            {
                terms.Add($"{not}{field}:({string.Join(" OR ", addresses.Select(address => $"\"{address}\""))})");
            }
        }
    }

    /// <summary>Whether a name can be searched for: what would end the quotes, or a control, cannot.</summary>
    internal static bool CanAsk(string name) =>
        name.Length is > 0 and <= 255 && !name.Any(letter => letter is '"' or '\\' || char.IsControl(letter));

    private static string Quoted(string name)
    {
        if (!CanAsk(name))
        {
            Argument.Refuse("name", "holds a quotation mark, a backslash or a control character", Allowed);
        }

        return $"\"{name}\"";
    }

    // Unquoted, since stars within quotes are stars: nothing that the language has a use for may be in it.
    private static string Checked(string pattern)
    {
        if (pattern.Length is 0 or > 255 || !pattern.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '*')
            || pattern[0] is '-')
        {
            Argument.Refuse("name", "is no name", Allowed);
        }

        return pattern;
    }
}
