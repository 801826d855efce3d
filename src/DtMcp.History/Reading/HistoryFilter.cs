using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.History.Schema;
using DtMcp.History.Wire;

namespace DtMcp.History.Reading;

/// <summary>A search for records in words of SQL.</summary>
internal static class HistoryFilter
{
    /// <summary>The conditions of a search, without its window; none where it takes everything.</summary>
    public static IReadOnlyList<Sql> Of(ConnSearch search)
    {
        List<Sql> all = [];
        if (search.Ips is { } ips)
        {
            all.Add(Sql.Any(ips.Select(EitherEnd)));
        }

        if (search.Ip is { } ip)
        {
            all.Add(EitherEnd(ip));
        }

        if (search.Port is { } port)
        {
            all.Add(Sql.Of($"(sport = {port} OR dport = {port})"));
        }

        if (search.SourcePort is { } from)
        {
            all.Add(Sql.Of($"sport = {from}"));
        }

        if (search.DestinationPort is { } to)
        {
            all.Add(Sql.Of($"dport = {to}"));
        }

        if (search.Protocol is { } protocol)
        {
            all.Add(Sql.Of($"lower(protocol) = {protocol}"));
        }

        if (search.Services is not null || search.UnknownService || search.UnknownServicePort is not null)
        {
            all.Add(Sql.Any(Service(search)));
        }

        return all;
    }

    /// <summary>Starts in a window. A row that does not say when it began is in the hour that it was read for.</summary>
    public static Sql Starts(TimeWindow window) =>
        Sql.Of($"((start >= {window.StartMs} AND start <= {window.EndMs}) OR NOT {RollUp.HasStart})");

    private static Sql EitherEnd(NetAddress address) =>
        Sql.Of($"((src = {address} AND bitAnd(lacking, 1) = 0) OR (dst = {address} AND bitAnd(lacking, 2) = 0))");

    private static IEnumerable<Sql> Service(ConnSearch search)
    {
        foreach (var service in search.Services ?? [])
        {
            yield return Sql.Of($"lower(service) = {service.ToLowerInvariant()}");
        }

        if (search.UnknownService)
        {
            yield return Sql.Of($"service = ''");
        }

        if (search.UnknownServicePort is { } port)
        {
            yield return Sql.Of($"(service = '' AND dport = {port})");
        }
    }
}
