using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Records;

/// <summary>The subnets of a record set, in order of their number.</summary>
internal sealed class SubnetTable(IReadOnlyList<Subnet> subnets)
{
    public IReadOnlyList<Subnet> All => subnets;

    public Subnet? BySid(long sid) => sid >= 1 && sid <= subnets.Count ? subnets[(int)sid - 1] : null;

    /// <summary>The narrowest subnet around an address; null when there is none.</summary>
    public Subnet? Around(IpAddress address)
    {
        Subnet? best = null;
        foreach (var subnet in subnets)
        {
            if (subnet.Range.Contains(address) && (best is null || subnet.Range.PrefixLength > best.Range.PrefixLength))
            {
                best = subnet;
            }
        }

        return best;
    }
}
