using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Questions;

/// <summary>
/// Which addresses are inside. Always inside: loopback, link-local, multicast, broadcast, unspecified. Beside them the private ranges
/// (RFC 1918, fc00::/7), or whatever <c>DTMCP_INTERNAL_RANGES</c> puts in their place.
/// </summary>
public sealed class InternalRanges
{
    private static readonly AddressRange[] Always =
        [.. Parse("127.0.0.0/8, 169.254.0.0/16, 224.0.0.0/4, 255.255.255.255/32, 0.0.0.0/32, ::1/128, fe80::/10, ff00::/8, ::/128")];

    private static readonly AddressRange[] Private = [.. Parse("10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7")];

    private readonly AddressRange[] _own;

    // Where ranges are given they are the last word; otherwise the appliance knows its own network better than RFC 1918 does.
    private readonly bool _isGiven;

    private InternalRanges(AddressRange[] own, bool isGiven) => (_own, _isGiven) = (own, isGiven);

    /// <summary>What is never outside.</summary>
    internal static IReadOnlyList<AddressRange> NeverOutside => Always;

    /// <summary>The private ranges, or those that stand in their place or beside them.</summary>
    internal IReadOnlyList<AddressRange> Own => _own;

    /// <summary>Whether ranges were given, so that the appliance's own word does not count.</summary>
    internal bool IsGiven => _isGiven;

    public static InternalRanges Default { get; } = new(Private, isGiven: false);

    /// <summary>Ranges instead of the private ones; <c>+RANGE</c> entries come beside them. Null when a text is not a range.</summary>
    public static InternalRanges? FromText(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Default;
        }

        List<AddressRange> own = [];
        var beside = true;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var added = part.StartsWith('+');
            if (!AddressRange.TryParse(added ? part.AsSpan(1) : part, out var range))
            {
                return null;
            }

            beside &= added;
            own.Add(range);
        }

        return new InternalRanges(beside ? [.. Private, .. own] : [.. own], isGiven: true);
    }

    /// <summary>
    /// Whether an endpoint is inside: as the appliance says of it (<c>local_orig</c>, <c>local_resp</c>) unless ranges are given, else by
    /// its address. What can never be outside (multicast, link-local) stays inside, though an appliance does not count it among its own.
    /// </summary>
    public bool Contains(HostTable hosts, int id)
    {
        var address = hosts.Address(id);
        return !_isGiven && hosts.ReportedInside(id) is { } said
            ? said || !address.IsPresent || IsNeverOutside(address)
            : Contains(address);
    }

    /// <summary>Whether the appliance would model an endpoint with an address as a device, by the same rule.</summary>
    public bool IsDevice(HostTable hosts, int id)
    {
        var address = hosts.Address(id);
        return !_isGiven && hosts.ReportedInside(id) is { } said ? said && !IsNeverOutside(address) : IsDevice(address);
    }

    /// <summary>Whether an address is inside. No address at all is inside: it is a device known by its id.</summary>
    public bool Contains(NetAddress address)
    {
        if (!address.IsPresent)
        {
            return true;
        }

        return IsNeverOutside(address) || IsDevice(address);
    }

    private static bool IsNeverOutside(NetAddress address)
    {
        foreach (var range in Always)
        {
            if (range.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether an address is one that the appliance would model as a device: in one of the own or private ranges.</summary>
    public bool IsDevice(NetAddress address)
    {
        foreach (var range in _own)
        {
            if (range.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<AddressRange> Parse(string text)
    {
        foreach (var part in text.Split(", "))
        {
            if (AddressRange.TryParse(part, out var range))
            {
                yield return range;
            }
        }
    }
}
