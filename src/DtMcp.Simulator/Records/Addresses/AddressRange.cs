using System.Globalization;
using DtMcp.Simulator.Setup;

namespace DtMcp.Simulator.Records.Addresses;

/// <summary>A CIDR range; host bits of its address are cleared.</summary>
internal readonly record struct AddressRange(IpAddress Network, int PrefixLength)
{
    public bool Contains(IpAddress address) =>
        address.IsIPv4 == Network.IsIPv4 && (address.Bits & Mask(Network.IsIPv4, PrefixLength)) == Network.Bits;

    /// <summary>The range of this length around an address.</summary>
    public static AddressRange Around(IpAddress address, int prefixLength)
    {
        var bits = address.Bits & Mask(address.IsIPv4, prefixLength);
        return new AddressRange(address.IsIPv4 ? IpAddress.FromIPv4((uint)bits) : IpAddress.FromIPv6(bits), prefixLength);
    }

    public static AddressRange Parse(string text) =>
        TryParse(text, out var range)
            ? range
            : throw new SimulatorException($"'{text}' is not a range: write it as 10.1.0.0/16 or 2001:db8::/32");

    public static bool TryParse(string text, out AddressRange range)
    {
        range = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IpAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out var address))
        {
            return false;
        }

        var bits = address.IsIPv4 ? 32 : 128;
        var length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length)
            || length > bits))
        {
            return false;
        }

        range = Around(address, length);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Network}/{PrefixLength}");

    private static UInt128 Mask(bool isIPv4, int prefixLength) =>
        isIPv4
            ? prefixLength == 0 ? 0 : uint.MaxValue << (32 - prefixLength)
            : prefixLength == 0 ? 0 : UInt128.MaxValue << (128 - prefixLength);
}
