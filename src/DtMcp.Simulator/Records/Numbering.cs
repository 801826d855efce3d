using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Records;

/// <summary>
/// Numbers devices and subnets. Devices from 1 in the order of the address, IPv4 first; subnets are the /24s and /64s that devices appear
/// in, likewise, unless they are named.
/// </summary>
internal static class Numbering
{
    public static (DeviceTable Devices, SubnetTable Subnets) Of(ConnectionRecord[] rows, IpAddress[] addresses, RecordFacts facts,
        AddressRules rules)
    {
        var first = new long[addresses.Length];
        var last = new long[addresses.Length];
        Array.Fill(first, long.MaxValue);
        Array.Fill(last, long.MinValue);
        foreach (ref readonly var row in rows.AsSpan())
        {
            first[row.Source] = Math.Min(first[row.Source], row.StartMs);
            first[row.Destination] = Math.Min(first[row.Destination], row.StartMs);
            last[row.Source] = Math.Max(last[row.Source], row.StartMs);
            last[row.Destination] = Math.Max(last[row.Destination], row.StartMs);
        }

        var indexes = Enumerable.Range(0, addresses.Length)
            .Where(index => first[index] != long.MaxValue && rules.IsDevice(addresses[index]))
            .OrderBy(index => addresses[index])
            .ToArray();
        var subnets = Subnets(indexes, addresses, facts);
        var devices = indexes.Select((index, position) => new Device
        {
            Did = position + 1,
            Address = addresses[index],
            AddressIndex = index,
            Sid = subnets.Around(addresses[index])?.Sid ?? 0,
            FirstSeenMs = first[index],
            LastSeenMs = last[index],
            Facts = facts.Devices.GetValueOrDefault(addresses[index]) ?? new DeviceFacts(),
        }).ToArray();
        return (new DeviceTable(devices, addresses.Length), subnets);
    }

    private static SubnetTable Subnets(int[] devices, IpAddress[] addresses, RecordFacts facts) => new(
        facts.Subnets.Count > 0
            ? [.. facts.Subnets.Select((subnet, position) => new Subnet(position + 1, subnet.Range, subnet.Label))]
            : [.. devices.Select(index => AddressRange.Around(addresses[index], addresses[index].IsIPv4 ? 24 : 64))
                .Distinct()
                .Select((range, position) => new Subnet(position + 1, range, null))]);
}
