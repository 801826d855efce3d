using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Queries.Tables;

/// <summary>What each device received and sent itself, from answers about subnets: their panel of devices lists the subnet's own.</summary>
internal sealed class OwnBytes
{
    private readonly Dictionary<string, InOut> _byIp = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="views">Answers about single subnets.</param>
    /// <param name="subnet">The range of the only one, where it is known.</param>
    public OwnBytes(IEnumerable<Connectivity> views, AddressRange? subnet = null)
    {
        foreach (var view in views)
        {
            if (view.Peers is { } panel && ListsItsOwn(view, panel, subnet))
            {
                foreach (var row in panel)
                {
                    _byIp.TryAdd(row.Ip ?? row.Device, row.Bytes);
                }
            }
        }
    }

    public InOut? Of(string? ip) => ip is not null && _byIp.TryGetValue(ip, out var bytes) ? bytes : null;

    // An appliance that lists others beside the subnet's own counts in and out otherwise.
    private static bool ListsItsOwn(Connectivity view, IReadOnlyList<PeerBytes> panel, AddressRange? subnet)
    {
        if (subnet is { } range)
        {
            return panel.All(row => row.Address.IsPresent && range.Contains(row.Address));
        }

        var own = (view.Devices ?? []).Select(device => device.Ip).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        return panel.All(row => own.Contains(row.Ip ?? row.Device));
    }
}
