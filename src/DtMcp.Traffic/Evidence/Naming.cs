using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence;

/// <summary>
/// Gives the endpoints of records, which carry addresses only, what other answers said of them: device ids, host names, labels, countries,
/// ASNs. Nothing is asked for it.
/// </summary>
internal static class Naming
{
    private const int MaxShared = 3;

    /// <summary>Names what is in the rows; returns what is to be noted of addresses that more than one device had.</summary>
    /// <param name="flows">The rows that were read.</param>
    /// <param name="names">What other answers said.</param>
    /// <param name="focus">The device in question.</param>
    /// <param name="startMs">The start of the window: a device that left an address before has nothing to do with it.</param>
    public static IReadOnlyList<string> Apply(FlowSet flows, Names names, DeviceFocus? focus, long startMs)
    {
        foreach (var address in focus?.Addresses ?? [])
        {
            if (focus!.Did is { } did && flows.Hosts.TryGet(address, out var host) && !IsAnothers(names.Devices, focus, address, startMs))
            {
                flows.Hosts.NoteDid(host, did);
                flows.Hosts.Describe(host, focus.Details ?? new HostDetails());
            }
        }

        foreach (var tables in names.Tables)
        {
            Apply(flows.Hosts, tables);
        }

        List<string> shared = [];
        foreach (var (address, holders, earlier) in names.Devices.Held(startMs))
        {
            if (!flows.Hosts.TryGet(address, out var host))
            {
                continue;
            }

            flows.Hosts.NoteDid(host, holders[0].Did);
            flows.Hosts.Describe(host, holders[0].Details);
            if (holders.Count + earlier.Count > 1)
            {
                shared.Add(Shared(address, holders, earlier));
            }
        }

        return shared.Count <= MaxShared ? shared
            : [.. shared.Take(MaxShared),
                string.Create(CultureInfo.InvariantCulture,
                    $"{shared.Count - MaxShared} more addresses are of more than one device in this window.")];
    }

    /// <summary>Whether rows that were read for another question know which of their endpoints are the device's.</summary>
    public static bool Knows(FlowSet flows, DeviceFocus? focus)
    {
        if (focus?.Did is not { } did)
        {
            return true;
        }

        foreach (var address in focus.Addresses)
        {
            if (flows.Hosts.TryGet(address, out var host) && flows.Hosts.Did(host) != did)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the device left an address, and another has it now.</summary>
    public static bool IsAnothers(DeviceList devices, DeviceFocus focus, NetAddress address, long startMs) =>
        address != focus.Present && devices.HoldersOf(address, startMs) is [{ IsPresent: true }, ..] holders
            && holders.TrueForAll(holder => holder.Did != focus.Did);

    private static string Shared(NetAddress address, List<Holder> holders, List<Holder> earlier)
    {
        var others = earlier.Count == 0
            ? ""
            : $", which has it now; earlier in this window it was that of {string.Join(", ", earlier.Take(MaxShared).Select(Describe))}";
        return holders.Count == 1
            ? $"{address}: all rows count for {Describe(holders[0])}{others}."
            : $"{address} is the address of {holders.Count.ToString(CultureInfo.InvariantCulture)} devices: " +
                $"{string.Join(", ", holders.Take(MaxShared).Select(Describe))}; their rows cannot be told apart; asked for by its did, " +
                $"each has them all.";
    }

    private static string Describe(Holder holder)
    {
        var seen = holder is { IsPresent: false, LastSeenMs: { } last }
            ? string.Create(CultureInfo.InvariantCulture,
                $" (last seen with it {DateTimeOffset.FromUnixTimeMilliseconds(last):yyyy-MM-dd HH:mm})")
            : "";
        var name = holder.Details.Hostname ?? holder.Details.DeviceLabel;
        return string.Create(CultureInfo.InvariantCulture, $"did {holder.Did}{(name is null ? "" : $" \"{PlainText.Of(name)}\"")}{seen}");
    }

    private static void Apply(HostTable hosts, Connectivity tables)
    {
        foreach (var device in tables.Devices ?? [])
        {
            if (hosts.TryGet(device.Address, out var host))
            {
                hosts.NoteDid(host, device.Did);
                hosts.Describe(host, device.Details);
            }
        }

        foreach (var outside in tables.ExternalDevices ?? [])
        {
            if (hosts.TryGet(outside.Address, out var host))
            {
                hosts.Describe(host, outside.Details);
            }
        }
    }
}

/// <summary>What was said of endpoints: the guide's tables, and devices by address; and why some of it is missing.</summary>
internal sealed record Names(IReadOnlyList<Connectivity> Tables, DeviceList Devices, IReadOnlyList<string> Failures);
