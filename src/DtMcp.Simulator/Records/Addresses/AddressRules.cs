using DtMcp.Simulator.Setup;

namespace DtMcp.Simulator.Records.Addresses;

/// <summary>
/// Which addresses are inside. A device is an address in a private range; internal besides are loopback, link-local, multicast, broadcast
/// and unspecified addresses, which no configuration takes away. The private ranges are RFC 1918 and fc00::/7 unless others take their
/// place.
/// </summary>
internal sealed class AddressRules(IReadOnlyList<AddressRange> privateRanges)
{
    private static readonly AddressRange[] Rfc1918 =
    [
        AddressRange.Parse("10.0.0.0/8"), AddressRange.Parse("172.16.0.0/12"), AddressRange.Parse("192.168.0.0/16"),
        AddressRange.Parse("fc00::/7"),
    ];

    private static readonly AddressRange[] AlwaysInternal =
    [
        AddressRange.Parse("127.0.0.0/8"), AddressRange.Parse("169.254.0.0/16"), AddressRange.Parse("224.0.0.0/4"),
        AddressRange.Parse("255.255.255.255/32"),
        AddressRange.Parse("0.0.0.0/32"), AddressRange.Parse("::1/128"), AddressRange.Parse("::/128"), AddressRange.Parse("fe80::/10"),
        AddressRange.Parse("ff00::/8"),
    ];

    public static AddressRules Default { get; } = new(Rfc1918);

    /// <summary>
    /// Entries of <see cref="SimulatorOptions.Internal"/>: ranges in place of the private ones, <c>+RANGE</c> beside them.
    /// </summary>
    public static AddressRules From(IReadOnlyList<string> entries)
    {
        var instead = entries.Where(entry => !entry.StartsWith('+')).Select(AddressRange.Parse).ToArray();
        var beside = entries.Where(entry => entry.StartsWith('+')).Select(entry => AddressRange.Parse(entry[1..]));
        return new AddressRules([.. instead.Length > 0 ? instead : Rfc1918, .. beside]);
    }

    /// <summary>Whether an address is a device: in a private range, and no special address.</summary>
    public bool IsDevice(IpAddress address) => Within(privateRanges, address) && !Within(AlwaysInternal, address);

    public bool IsInternal(IpAddress address) => Within(privateRanges, address) || Within(AlwaysInternal, address);

    private static bool Within(IReadOnlyList<AddressRange> ranges, IpAddress address)
    {
        foreach (var range in ranges)
        {
            if (range.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
