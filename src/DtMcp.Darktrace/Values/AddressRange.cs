using System.Globalization;

namespace DtMcp.Darktrace.Values;

/// <summary>
/// A CIDR range such as <c>192.168.1.0/24</c> or <c>2001:db8::/32</c>; host bits are cleared. A lone address is a range of one.
/// </summary>
public readonly record struct AddressRange
{
    private readonly UInt128 _mask;

    private AddressRange(NetAddress network, int prefix)
    {
        Prefix = prefix;
        var bits = network.IsIPv4 ? prefix + 96 : prefix;
        _mask = bits == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - bits);
        Network = NetAddress.FromBits(network.Bits & _mask);
    }

    public NetAddress Network { get; }

    /// <summary>Bits of the network: 0 to 32 for IPv4, 0 to 128 for IPv6.</summary>
    public int Prefix { get; }

    public bool Contains(NetAddress address) =>
        address.IsPresent && address.IsIPv4 == Network.IsIPv4 && (address.Bits & _mask) == Network.Bits;

    /// <summary>The first and the last address of it.</summary>
    public (NetAddress First, NetAddress Last) Ends() => (Network, NetAddress.FromBits(Network.Bits | ~_mask));

    /// <summary>The range of a given length around an address.</summary>
    public static AddressRange Around(NetAddress address, int prefix) => new(address, prefix);

    public static bool TryParse(ReadOnlySpan<char> text, out AddressRange range)
    {
        range = default;
        text = text.Trim();
        var slash = text.IndexOf('/');
        if (!NetAddress.TryParse(slash < 0 ? text : text[..slash], out var network))
        {
            return false;
        }

        var longest = network.IsIPv4 ? 32 : 128;
        var prefix = longest;
        if (slash >= 0 && (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out prefix)
            || prefix > longest))
        {
            return false;
        }

        range = new AddressRange(network, prefix);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Network}/{Prefix}");
}
