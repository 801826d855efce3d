using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;
using Sums = DtMcp.Traffic.Counting.Measure;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>
/// Sums by something that endpoints have: the network they are in, a country, an autonomous system, a name. Bounded; what comes beyond is
/// summed as <c>(other)</c>.
/// </summary>
internal sealed class RollUp(Dimension by, InternalRanges inside)
{
    private const int MaxKeys = 100_000;
    private const string Other = "(other)";
    private const string Unknown = "unknown";

    private readonly Dictionary<string, Sums> _sums = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Sums> ByKey => _sums;

    public RollUp Copy()
    {
        var copy = new RollUp(by, inside);
        foreach (var (key, sum) in _sums)
        {
            copy._sums[key] = sum;
        }

        return copy;
    }

    /// <summary>An endpoint that is there.</summary>
    public void Add(HostTable hosts, int host, in Sums sum) =>
        Add(by == Dimension.Subnet ? Subnet(inside, hosts.Address(host)) : Of(hosts.Details(host)), sum);

    /// <summary>An endpoint that is evicted: of its details nothing is known any more.</summary>
    public void Add(EndpointRemap remap, int host, in Sums sum) =>
        Add(by == Dimension.Subnet ? Subnet(inside, remap.Address(host)) : Of(remap.Details(host)), sum);

    private void Add(string key, in Sums sum)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, _sums.Count < MaxKeys || _sums.ContainsKey(key) ? key : Other,
            out _);
        known.Connections += sum.Connections;
        known.Bytes += sum.Bytes.Value;
        known.Packets += sum.Packets.Value;
    }

    private string Of(HostDetails? details) => (by switch
    {
        Dimension.Country => details?.Country,
        Dimension.Asn => details?.Asn,
        _ => details?.Hostname,
    }) ?? Unknown;

    /// <summary>An inside address's /24 (IPv6: /64).</summary>
    public static string Subnet(InternalRanges inside, NetAddress address) =>
        !inside.Contains(address)
            ? "outside"
            : address.IsPresent
            ? AddressRange.Around(address, address.IsIPv4 ? 24 : 64).ToString()
            : Unknown;
}
