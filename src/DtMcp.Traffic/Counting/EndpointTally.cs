using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Counting;

/// <summary>
/// Sums by endpoint. When the set makes room for new endpoints the sums of the light ones go; how many different ones there were is then
/// estimated (<see cref="HyperLogLog"/>, 0.8 %).
/// </summary>
internal sealed class EndpointTally
{
    private HyperLogLog? _gone;

    /// <summary>The sums of those that are there.</summary>
    public Tally Sums { get; } = Tally.OfHosts();

    public ref Measure this[int host] => ref Sums[host];

    public void Weigh(EndpointWeights weights)
    {
        foreach (var (host, sum) in Sums.Entries(weights.Count))
        {
            weights.Add(host, sum.Bytes, sum.Connections);
        }
    }

    /// <param name="remap">The new ids.</param>
    /// <param name="gone">Gets what goes, with the old id; null when nobody wants it.</param>
    public void Remap(EndpointRemap remap, Action<int, Measure>? gone = null)
    {
        foreach (var (host, sum) in Sums.Entries(remap.Count))
        {
            // A new id is never above the old one, and they come in order.
            Sums[host] = default;
            if (remap.NewId(host) is >= 0 and var to)
            {
                Sums[to] = sum;
            }
            else
            {
                (_gone ??= new HyperLogLog(14)).Add(remap.Fingerprint(host));
                gone?.Invoke(host, sum);
            }
        }
    }

    /// <summary>How many different endpoints were added: exactly while none has gone, else about.</summary>
    public long Distinct(HostTable hosts)
    {
        if (_gone is null)
        {
            return Sums.CountKeys();
        }

        var all = _gone.Copy();
        foreach (var (host, _) in Sums.Entries(hosts.Count))
        {
            all.Add(hosts.Fingerprint(host));
        }

        return all.Estimate();
    }
}
