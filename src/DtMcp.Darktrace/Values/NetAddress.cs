using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace DtMcp.Darktrace.Values;

/// <summary>
/// An IP address as one 128-bit number, IPv4 in its mapped form (::ffff:a.b.c.d, RFC 4291 2.5.5.2). Ordered by value within a family, IPv4
/// first.
/// <see cref="None"/> is no address at all (an endpoint known by a name or a device id only); it is not "::".
/// </summary>
public readonly record struct NetAddress : IComparable<NetAddress>
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    private readonly UInt128 _bits;
    private readonly bool _present;

    private NetAddress(UInt128 bits)
    {
        _bits = bits;
        _present = true;
    }

    /// <summary>No address.</summary>
    public static NetAddress None => default;

    public bool IsPresent => _present;

    public bool IsIPv4 => _present && _bits >> 32 == MappedPrefix >> 32;

    /// <summary>All 128 bits; an IPv4 address is in the low 32, below ffff.</summary>
    public UInt128 Bits => _bits;

    public static NetAddress FromIPv4(uint address) => new(new UInt128(0, MappedPrefix | address));

    public static NetAddress FromBits(UInt128 bits) => new(bits);

    /// <summary>Reads the text of an address, in UTF-8; false for anything else (a host name, an empty string, a zone id).</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out NetAddress address)
    {
        if (TryParseIPv4(text, out var v4))
        {
            address = FromIPv4(v4);
            return true;
        }

        Span<char> chars = stackalloc char[46];
        address = None;
        if (text.Length is < 2 or > 45 || !text.Contains((byte)':'))
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is (byte)'%' or (byte)'[' or (byte)'/' or > 127)
            {
                return false;
            }

            chars[i] = (char)text[i];
        }

        return TryParseIPv6(chars[..text.Length], out address);
    }

    /// <summary>Reads the text of an address.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out NetAddress address)
    {
        Span<byte> bytes = stackalloc byte[46];
        if (text.Length > 45 || !System.Text.Ascii.IsValid(text))
        {
            address = None;
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            bytes[i] = (byte)text[i];
        }

        return TryParse(bytes[..text.Length], out address);
    }

    /// <summary>The address that a text is; none of a name, of no text, of anything else.</summary>
    public static NetAddress OrNone(string? text) => TryParse(text, out var address) ? address : None;

    public int CompareTo(NetAddress other)
    {
        if (_present != other._present)
        {
            return _present ? -1 : 1;
        }

        return IsIPv4 != other.IsIPv4 ? (IsIPv4 ? -1 : 1) : _bits.CompareTo(other._bits);
    }

    public static bool operator <(NetAddress left, NetAddress right) => left.CompareTo(right) < 0;

    public static bool operator >(NetAddress left, NetAddress right) => left.CompareTo(right) > 0;

    public static bool operator <=(NetAddress left, NetAddress right) => left.CompareTo(right) <= 0;

    public static bool operator >=(NetAddress left, NetAddress right) => left.CompareTo(right) >= 0;

    /// <summary>The usual text: dotted quad, or RFC 5952; empty for none.</summary>
    public override string ToString()
    {
        if (!_present)
        {
            return "";
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _bits);
        return (IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes)).ToString();
    }

    private static bool TryParseIPv6(ReadOnlySpan<char> text, out NetAddress address)
    {
        address = None;
        if (!IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out _);
        address = new NetAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes));
        return true;
    }

    private static bool TryParseIPv4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        if (text.Length is < 7 or > 15)
        {
            return false;
        }

        uint part = 0;
        int digits = 0, dots = 0;
        foreach (var c in text)
        {
            if (c == '.')
            {
                if (digits == 0 || ++dots > 3)
                {
                    return false;
                }

                address = address << 8 | part;
                part = 0;
                digits = 0;
            }
            else if (c is >= (byte)'0' and <= (byte)'9' && ++digits <= 3)
            {
                part = part * 10 + c - '0';
                if (part > 255)
                {
                    return false;
                }
            }
            else
            {
                return false;
            }
        }

        address = address << 8 | part;
        return dots == 3 && digits > 0;
    }
}
