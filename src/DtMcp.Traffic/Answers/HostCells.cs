using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Answers;

/// <summary>What is known of an endpoint, as cells.</summary>
internal static class HostCells
{
    public static Cell Ip(HostTable hosts, int id) => Cell.Of(hosts.Name(id));

    public static Cell Did(HostTable hosts, int id) => hosts.Did(id) == HostTable.NoDid ? Cell.Absent : Cell.Of(hosts.Did(id));

    /// <summary>The host name, else the label; absent when it only repeats the address.</summary>
    public static Cell Hostname(HostTable hosts, int id)
    {
        var details = hosts.Details(id);
        var name = details?.Hostname ?? details?.DeviceLabel;
        return name is null || name == hosts.Name(id) ? Cell.Absent : Cell.Of(name);
    }

    public static Cell Country(HostTable hosts, int id) => Cell.Of(hosts.Details(id)?.Country);

    public static Cell Asn(HostTable hosts, int id) => Cell.Of(hosts.Details(id)?.Asn);
}
