using DtMcp.Darktrace.Reading;

namespace DtMcp.Traffic.Asking;

/// <summary>
/// Gives the endpoints of records, which carry addresses only, what other answers said of them: device ids, host names, labels, countries, ASNs. Nothing
/// is asked for it.
/// </summary>
internal static class Naming
{
    public static void Apply(FlowSet flows, Names names, DeviceFocus? focus)
    {
        foreach (var address in focus?.Addresses ?? [])
        {
            if (flows.Hosts.TryGet(address, out var host) && focus!.Did is { } did)
            {
                flows.Hosts.NoteDid(host, did);
                flows.Hosts.Describe(host, focus.Details ?? new HostDetails());
            }
        }

        foreach (var tables in names.Tables)
        {
            Apply(flows.Hosts, tables);
        }

        foreach (var (address, did, details) in names.Devices)
        {
            if (flows.Hosts.TryGet(address, out var host))
            {
                flows.Hosts.NoteDid(host, did);
                flows.Hosts.Describe(host, details);
            }
        }
    }

    private static void Apply(HostTable hosts, Connectivity tables)
    {
        foreach (var device in tables.Devices ?? [])
        {
            if (NetAddress.TryParse(device.Ip, out var address) && hosts.TryGet(address, out var host))
            {
                hosts.NoteDid(host, device.Did);
                hosts.Describe(host, device.Details);
            }
        }

        foreach (var outside in tables.ExternalDevices ?? [])
        {
            if (NetAddress.TryParse(outside.Ip, out var address) && hosts.TryGet(address, out var host))
            {
                hosts.Describe(host, outside.Details);
            }
        }
    }
}

/// <summary>What was said of endpoints: the guide's tables, and devices by address.</summary>
internal sealed record Names(IReadOnlyList<Connectivity> Tables, IReadOnlyList<(NetAddress Address, long Did, HostDetails Details)> Devices)
{
    public static Names None { get; } = new([], []);
}
