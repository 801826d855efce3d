using System.Globalization;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Requests.Searches;

/// <summary>
/// The Lucene-like text of a search, such as
/// <c>@type:conn AND (@fields.source_ip:"192.0.2.39" OR @fields.dest_ip:"192.0.2.39") AND @fields.dest_port:"443" AND
/// @fields.epochdate:>1768464000.000000</c>.
/// </summary>
internal static class ConnSearchText
{
    private const string NoService = "NOT _exists_:\"@fields.service\"";

    internal static string Build(ConnSearch search)
    {
        Check(search);
        List<string> terms = ["@type:conn"];
        if (search.Ips is { Count: > 0 } ips)
        {
            terms.Add(Any(ips.SelectMany(ip => new[] { Term("source_ip", ip), Term("dest_ip", ip) })));
        }

        if (search.Ip is { } address)
        {
            terms.Add(Any([Term("source_ip", address), Term("dest_ip", address)]));
        }

        if (search.Port is { } port)
        {
            terms.Add(Any([Term("source_port", port), Term("dest_port", port)]));
        }

        if (search.SourcePort is { } sourcePort)
        {
            terms.Add(Term("source_port", sourcePort));
        }

        if (search.DestinationPort is { } destinationPort)
        {
            terms.Add(Term("dest_port", destinationPort));
        }

        if (search.Protocol is { } protocol)
        {
            terms.Add(Term("proto", protocol.ToLowerInvariant()));
        }

        if (Services(search) is { Count: > 0 } services)
        {
            terms.Add(services.Count == 1 ? services[0] : Any(services));
        }

        if (search.Where is { } where)
        {
            terms.Add(where.Text);
        }

        terms.Add(After(search.Window));
        terms.Add(Before(search.Window));
        return string.Join(" AND ", terms);
    }

    // Starts have microseconds and are rounded to milliseconds when they are read, halves up: these are the starts that become the
    // window's.
    internal static string After(TimeWindow window) => $"@fields.epochdate:>{Seconds((window.StartMs * 1000) - 501)}";

    internal static string Before(TimeWindow window) => $"@fields.epochdate:<{Seconds((window.EndMs * 1000) + 500)}";

    private static List<string> Services(ConnSearch search)
    {
        List<string> terms = [.. (search.Services ?? []).Select(static service => Term("service", service))];
        if (search.UnknownService)
        {
            terms.Add(NoService);
        }

        if (search.UnknownServicePort is { } port)
        {
            terms.Add($"({Term("dest_port", port)} AND {NoService})");
        }

        return terms;
    }

    private static string Seconds(long microseconds)
    {
        var us = Math.Max(0, microseconds);
        return string.Create(CultureInfo.InvariantCulture, $"{us / 1_000_000}.{us % 1_000_000:D6}");
    }

    internal static void Check(ConnSearch search)
    {
        Argument.CheckWindow(search.Window);
        Argument.CheckPort("port", search.Port);
        Argument.CheckPort("sourceport", search.SourcePort);
        Argument.CheckPort("destinationport", search.DestinationPort);
        CheckName("protocol", search.Protocol, "It is an IP protocol, such as tcp.");
        foreach (var service in search.Services ?? [])
        {
            CheckName("applicationprotocol", service, "It is a service, such as http or ssl.");
        }
    }

    // A quote or a backslash would end the quoted value.
    private static void CheckName(string name, string? value, string allowed)
    {
        Argument.CheckText(name, value, allowed);
        if (value?.AsSpan().IndexOfAny('"', '\\') >= 0)
        {
            Argument.Refuse(name, "holds a quotation mark or a backslash", allowed);
        }
    }

    private static string Any(IEnumerable<string> terms) => $"({string.Join(" OR ", terms)})";

    private static string Term(string field, NetAddress address) => Term(field, address.ToString());

    private static string Term(string field, int value) => Term(field, value.ToString(CultureInfo.InvariantCulture));

    private static string Term(string field, string value) => $"@fields.{field}:\"{value}\"";
}
