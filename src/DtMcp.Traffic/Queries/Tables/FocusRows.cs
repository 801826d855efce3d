namespace DtMcp.Traffic.Queries.Tables;

/// <summary>The peers of the device asked about, by who began.</summary>
internal static class FocusRows
{
    /// <summary>Those that the device began connections to.</summary>
    public static TableRows? Began(ConnectivityEvidence evidence, Terms where) =>
        Of([.. evidence.Pairs(where).Where(half => half.IsKnown)], peer => peer.Began);

    /// <summary>Those that came to the device.</summary>
    public static TableRows? Came(ConnectivityEvidence evidence) =>
        Of([.. evidence.Pairs(Terms.None).Where(half => half.IsKnown)], peer => peer.Came);

    /// <summary>All, where it is not known who began.</summary>
    public static TableRows? Peers(ConnectivityEvidence evidence, Terms where)
    {
        var halves = evidence.Pairs(where).ToList();
        return halves.Count == 0
            ? null
            : new TableRows([.. InOrder(halves.SelectMany(half => half.Peers).Select(peer => Row(peer, false)))]);
    }

    private static TableRows? Of(IReadOnlyList<FocusPairs> halves, Func<FocusPeer, bool> isWanted)
    {
        if (halves.Count == 0)
        {
            return null;
        }

        var peers = halves.SelectMany(half =>
            half.Peers.Where(peer => isWanted(peer) && !(half.IsVague && peer is { Did: null, Details: null }))).ToList();
        return new TableRows([.. InOrder(peers.Select(peer => Row(peer, peer.IsMixed)))])
        {
            IsWhole = !halves.Any(half => half.IsVague),
        };
    }

    private static IEnumerable<TableRow> InOrder(IEnumerable<(TableRow Row, string Order)> rows) =>
        rows.OrderByDescending(row => row.Row.Bytes ?? -1).ThenBy(row => row.Order, StringComparer.Ordinal).Select(row => row.Row);

    private static (TableRow Row, string Order) Row(FocusPeer peer, bool isMixed) => (
        new TableRow
        {
            Ip = peer.Ip,
            Did = peer.Did,
            Hostname = peer.Hostname == peer.Ip ? null : peer.Hostname,
            Country = peer.Details?.Country,
            Asn = peer.Details?.Asn,
            InOut = isMixed ? null : peer.Bytes,
            Bytes = isMixed ? null : peer.Total,
            IsLacking = isMixed,
        },
        peer.Order);
}
