using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Collected;

/// <summary>
/// Says a question's selection in addresses, which are all that the history knows: which of them are the device asked about is found out
/// here, by the same rules as for rows.
/// </summary>
internal static class Selections
{
    /// <summary>What only rows can be selected by: what is told of an endpoint beside its address.</summary>
    public static bool CanSay(Ask ask) => ask.Conditions is { Country: null, Asn: null, PeerName: null, PeerAddresses: null }
        && ask.Filters.ResponseData is null;

    public static HistorySelection Of(
        Ask ask, AnalysisSettings about, InternalRanges ranges, HistorySpan held, ConnSearch search, HistorySides sides, Names names)
    {
        var known = new FlowSet();
        foreach (var address in Addresses(ask, about, names))
        {
            known.Hosts.GetOrAdd(address, HostTable.NoDid);
        }

        Naming.Apply(known, names, ask.Focus, ask.Window.StartMs);
        var near = new NearEnds(about, new Sides(ranges));
        return new HistorySelection
        {
            Span = held,
            Search = search,
            Conditions = ask.Conditions,
            Side = ask.RowFilters.IntExt,
            Device = ask.RowFilters.Did is { } did ? Those(id => IsDevice(known.Hosts, id, ask, did)) : null,
            Subnet = ask.Subnet,
            Internal = ranges,
            Sides = sides,
            Near = near.IsOneDevice ? Those(id => near.Contains(known.Hosts, id)) : null,
            NearSubnet = about.Subnet,
            Seen = held.Hours.Aggregate(FlowFields.None, static (seen, hour) => seen | hour.Seen),
        };

        List<NetAddress> Those(Func<int, bool> which) =>
            [.. Enumerable.Range(0, known.Hosts.Count).Where(which).Select(known.Hosts.Address)];
    }

    /// <summary>The rows that a search reads, whatever else the question selects.</summary>
    public static HistorySelection Read(HistorySelection rows) => rows with
    {
        Conditions = DtMcp.Traffic.Questions.Conditions.RowConditions.None,
        Side = null,
        Device = null,
        Subnet = null,
    };

    /// <summary>Addresses that more than one device had: answers say so where they came by.</summary>
    public static IReadOnlyList<NetAddress> Shared(Names names, long startMs) =>
        [.. names.Devices.Held(startMs).Where(held => held.Holders.Count + held.Earlier.Count > 1).Select(held => held.Address)];

    private static IEnumerable<NetAddress> Addresses(Ask ask, AnalysisSettings about, Names names)
    {
        List<NetAddress> addresses =
        [
            .. ask.Focus?.Addresses ?? [], about.FocusAddress, about.Filters.Ip ?? NetAddress.None,
        ];
        if ((about.FocusDid ?? ask.RowFilters.Did) is { } did)
        {
            addresses.AddRange(names.Devices.Held(ask.Window.StartMs).Where(held => held.Holders[0].Did == did)
                .Select(held => held.Address));
            addresses.AddRange(names.Tables.SelectMany(tables => tables.Devices ?? []).Where(device => device.Did == did)
                .Select(device => device.Address));
        }

        return addresses.Where(address => address.IsPresent).Distinct();
    }

    private static bool IsDevice(HostTable hosts, int id, Ask ask, long did) => hosts.Did(id) == did
        || (hosts.Did(id) == HostTable.NoDid && ask.Focus is { } focus && focus.Did == did && focus.Addresses.Contains(hosts.Address(id)));
}
