using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace DtMcp.Simulator.Records.Addresses;

/// <summary>
/// An address as one 128-bit number. Ordered by value, IPv4 before IPv6, which is the order that devices are numbered in.
/// </summary>
internal readonly record struct IpAddress : IComparable<IpAddress>
{
    private static readonly SearchValues<char> DottedQuad = SearchValues.Create("0123456789.");

    private IpAddress(UInt128 bits, bool isIPv4)
    {
        Bits = bits;
        IsIPv4 = isIPv4;
    }

    /// <summary>The value: 32 bits of it for IPv4.</summary>
    public UInt128 Bits { get; }

    public bool IsIPv4 { get; }

    /// <summary>224.0.0.0/4, ff00::/8.</summary>
    public bool IsMulticast => IsIPv4 ? (Bits >> 28) == 0xE : (Bits >> 120) == 0xFF;

    public static IpAddress FromIPv4(uint bits) => new(bits, isIPv4: true);

    public static IpAddress FromIPv6(UInt128 bits) => new(bits, isIPv4: false);

    public static IpAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address");

    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;

        // IPAddress takes "1", "0x7f.1" and zone ids too; an appliance does not.
        if (text.Contains(':') ? text.ContainsAny('%', '[', '/') : text.Count('.') != 3 || text.ContainsAnyExcept(DottedQuad))
        {
            return false;
        }

        if (!IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out var length);
        UInt128 bits = 0;
        foreach (var part in bytes[..length])
        {
            bits = (bits << 8) | part;
        }

        address = new IpAddress(bits, parsed.AddressFamily == AddressFamily.InterNetwork);
        return true;
    }

    public int CompareTo(IpAddress other) =>
        IsIPv4 == other.IsIPv4 ? Bits.CompareTo(other.Bits) : IsIPv4 ? -1 : 1;

    /// <summary>Dotted quad, or RFC 5952.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[IsIPv4 ? 4 : 16];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(Bits >> (8 * (bytes.Length - 1 - i)));
        }

        return new IPAddress(bytes).ToString();
    }
}
