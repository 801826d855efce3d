using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>
/// Resolvers that anyone may ask, by the addresses that their operators publish: Google, Cloudflare, Quad9, OpenDNS, Level 3, Verisign,
/// AdGuard, CleanBrowsing, Comodo, NTT, Hurricane Electric, Yandex, DNSPod, AliDNS, 114DNS, Baidu. Things that people buy have them built
/// in.
/// </summary>
internal static class PublicResolvers
{
    private static readonly HashSet<NetAddress> Known =
    [
        .. new[]
        {
            "8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "1.1.1.2", "1.0.0.2", "1.1.1.3", "1.0.0.3", "9.9.9.9", "149.112.112.112",
            "9.9.9.10", "149.112.112.10", "9.9.9.11", "149.112.112.11", "208.67.222.222", "208.67.220.220", "208.67.222.123",
            "208.67.220.123", "4.2.2.1", "4.2.2.2", "4.2.2.3", "4.2.2.4", "4.2.2.5", "4.2.2.6", "209.244.0.3", "209.244.0.4", "64.6.64.6",
            "64.6.65.6", "94.140.14.14", "94.140.15.15", "185.228.168.9", "185.228.169.9", "8.26.56.26", "8.20.247.20", "129.250.35.250",
            "129.250.35.251", "74.82.42.42", "77.88.8.8", "77.88.8.1", "119.29.29.29", "223.5.5.5", "223.6.6.6", "114.114.114.114",
            "114.114.115.115", "180.76.76.76", "2001:4860:4860::8888", "2001:4860:4860::8844", "2606:4700:4700::1111",
            "2606:4700:4700::1001", "2620:fe::fe", "2620:fe::9", "2620:119:35::35", "2620:119:53::53", "2a10:50c0::ad1:ff",
            "2a10:50c0::ad2:ff", "2001:470:20::2",
        }.Select(text => NetAddress.TryParse(text, out var address) ? address : NetAddress.None),
    ];

    public static bool Has(NetAddress address) => address.IsPresent && Known.Contains(address);
}
