using System.Net;

namespace DtMcp.Configuration;

/// <summary>Addresses and ranges of machines, as a setting lists them.</summary>
internal sealed class AddressList(IReadOnlyList<IPNetwork> ranges)
{
    public static AddressList None { get; } = new([]);

    public IReadOnlyList<IPNetwork> Ranges => ranges;

    /// <summary>Reads <c>10.0.0.1, 192.0.2.0/24, 2001:db8::/32</c>; null when one of them is neither address nor range.</summary>
    public static AddressList? FromText(string text)
    {
        List<IPNetwork> ranges = [];
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPNetwork.TryParse(word, out var range))
            {
                ranges.Add(range);
            }
            else if (IPAddress.TryParse(word, out var address))
            {
                ranges.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                return null;
            }
        }

        return new AddressList(ranges);
    }

    public bool Has(IPAddress? address)
    {
        // A socket for both families gives IPv4 addresses in the form of IPv6.
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is not null && ranges.Any(range => range.Contains(plain));
    }
}
