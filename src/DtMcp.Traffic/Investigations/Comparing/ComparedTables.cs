using DtMcp.Traffic.Queries;

namespace DtMcp.Traffic.Investigations.Comparing;

/// <summary>What is compared, said once for both windows and all evidence.</summary>
internal static class ComparedTables
{
    // Bytes that a sensor made up are in the totals, as everywhere, and in nothing that can grow; and hosts that are met by ICMP alone are
    // mostly those that scan, so it is compared among protocols only.
    private const Terms OfHosts = Terms.Genuine | Terms.NotIcmp;

    /// <summary>How many rows are not compared, and why; told in a note.</summary>
    public static readonly TotalQuery Icmp = new("not_icmp", MeasureKind.Connections, Terms.NotIcmp) { IsHidden = true };

    public static readonly Query Wanted = new()
    {
        IsCompared = true,
        Totals = [new("connections", MeasureKind.Connections), new("bytes", MeasureKind.Bytes), Icmp],
        Tables =
        [
            Of("destinations", Dimension.Destination, Terms.Outbound | OfHosts,
                Column.Ip, Column.Hostname, Column.Country, Column.Asn),
            Of("devices", Dimension.Device, OfHosts, Column.Ip, Column.Did, Column.Hostname),
            Of("destination_ports", Dimension.DestinationPort, Terms.Answered | Terms.Genuine, Column.Key(Dimension.DestinationPort)),
            Of("remote_ports", Dimension.RemotePort, Terms.None, Column.Key(Dimension.RemotePort)) with { IsOfTables = true },
            Of("applicationprotocols", Dimension.ApplicationProtocol, Terms.Genuine, Column.Key(Dimension.ApplicationProtocol)),
            Of("protocols", Dimension.Protocol, Terms.Genuine, Column.Key(Dimension.Protocol)) with { WithUnknown = true },
        ],
    };

    private static TableQuery Of(string name, Dimension by, Terms where, params Column[] identity) => new()
    {
        Name = name,
        By = by,
        Where = where,
        Columns = [.. identity, Column.Connections, Column.Bytes],
    };
}
