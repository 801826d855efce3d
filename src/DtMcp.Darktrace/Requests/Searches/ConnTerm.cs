using System.Globalization;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Requests.Searches;

/// <summary>
/// A condition on records, as a search says it: <c>(@fields.dest_port:"443" OR NOT _exists_:"@fields.service")</c>. Two that say the same
/// in the same words are equal.
/// </summary>
public sealed record ConnTerm
{
    private ConnTerm(string text) => Text = text;

    /// <summary>The words of the search; they stand for themselves among others, whatever is around them.</summary>
    public string Text { get; }

    public static ConnTerm Is(ConnField field, string value)
    {
        Argument.CheckText("value", value, "It is a value of a record.");
        if (value.AsSpan().IndexOfAny('"', '\\') >= 0)
        {
            Argument.Refuse("value", "holds a quotation mark or a backslash", "Such values cannot be searched for.");
        }

        return new ConnTerm($"{field.Name()}:\"{value}\"");
    }

    public static ConnTerm Is(ConnField field, long value) => Is(field, value.ToString(CultureInfo.InvariantCulture));

    public static ConnTerm Is(ConnField field, NetAddress address) => Is(field, address.ToString());

    /// <summary>Within a range, as <c>[192.0.2.0 TO 192.0.2.255]</c>.</summary>
    public static ConnTerm In(ConnField field, IReadOnlyList<AddressRange> ranges)
    {
        var texts = ranges.Select(range => range.Ends() is var (first, last) && first == last
            ? $"\"{first}\""
            : $"[{Quoted(first)} TO {Quoted(last)}]").ToList();
        return new ConnTerm(texts.Count == 1 ? $"{field.Name()}:{texts[0]}" : $"{field.Name()}:({string.Join(" OR ", texts)})");

        // A colon ends the name of a field.
        static string Quoted(NetAddress address) => address.IsIPv4 ? address.ToString() : $"\"{address}\"";
    }

    /// <summary>A number in a range, both ends inclusive: <c>[1000 TO 9999]</c>.</summary>
    public static ConnTerm Between(ConnField field, long low, long high) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{field.Name()}:[{low} TO {high}]"));

    public static ConnTerm Has(ConnField field) => new($"_exists_:\"{field.Name()}\"");

    public static ConnTerm Any(params ReadOnlySpan<ConnTerm> terms) => Joined(" OR ", terms);

    public static ConnTerm All(params ReadOnlySpan<ConnTerm> terms) => Joined(" AND ", terms);

    /// <summary>A search that is a NOT alone is none in some versions of the language, so it is of everything but.</summary>
    public ConnTerm Not() => new($"(@type:conn AND NOT {Text})");

    private static ConnTerm Joined(string word, ReadOnlySpan<ConnTerm> terms)
    {
        if (terms.Length == 1)
        {
            return terms[0];
        }

        var texts = new string[terms.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = terms[i].Text;
        }

        return new ConnTerm($"({string.Join(word, texts)})");
    }
}
