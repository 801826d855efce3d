using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Traffic.Queries.Rows.Selecting;

/// <summary>Selects rows by what <c>/network</c> has no filter for.</summary>
internal sealed class ConditionFilter(RowConditions conditions, InternalRanges inside)
{
    private readonly Sides _sides = new(inside);

    // An autonomous system by its number alone; else by a part of its name.
    private readonly string? _asNumber = conditions.Asn is { } asn && asn.AsSpan().TrimStart("ASas").Trim() is { Length: > 0 } digits
        && !digits.ContainsAnyExceptInRange('0', '9')
            ? $"AS{digits}"
            : null;

    private readonly HashSet<NetAddress> _peers = [.. conditions.PeerAddresses?.Addresses ?? []];

    /// <summary>Ids have changed.</summary>
    public void Forget() => _sides.Forget();

    /// <param name="flows">The set.</param>
    /// <param name="chunk">Its chunk.</param>
    /// <param name="i">The row.</param>
    /// <param name="sourceIsNear">Whether the source may be what the question is about, so that the destination may be its peer.</param>
    /// <param name="destinationIsNear">The same the other way round.</param>
    public bool Selects(FlowSet flows, FlowChunk chunk, int i, bool sourceIsNear, bool destinationIsNear)
    {
        var hosts = flows.Hosts;
        var (source, destination) = (chunk.Source[i], chunk.Destination[i]);
        if (conditions.MinBytes is { } least && chunk.Bytes[i] < least)
        {
            return false;
        }

        if (conditions.State is { } state
            && (chunk.Traits[i] & (state == ConnectionState.Failed ? FlowTraits.Failed : FlowTraits.Established)) == 0)
        {
            return false;
        }

        if ((conditions.Peer is not null || conditions.PeerName is not null)
            && !(sourceIsNear && IsPeer(hosts, destination)) && !(destinationIsNear && IsPeer(hosts, source)))
        {
            return false;
        }

        if (conditions.Direction is null && conditions.Country is null && conditions.Asn is null)
        {
            return true;
        }

        var direction = !_sides.IsExternal(hosts, chunk.Traits[i], source, destination) ? TrafficDirection.Internal
            : _sides.GoesOut(hosts, destination) ? TrafficDirection.Outbound
            : TrafficDirection.Inbound;
        return (conditions.Direction is not { } wanted || wanted == direction)
            && ((conditions.Country is null && conditions.Asn is null) || (direction != TrafficDirection.Internal
                && IsOf(hosts.Details(direction == TrafficDirection.Outbound ? destination : source))));
    }

    private bool IsPeer(HostTable hosts, int id) => conditions.Peer is { } range
        ? range.Contains(hosts.Address(id))
        : Same(hosts.Details(id)?.Hostname, conditions.PeerName!) || Same(hosts.Details(id)?.DeviceLabel, conditions.PeerName!)
            || Same(hosts.Name(id), conditions.PeerName!) || _peers.Contains(hosts.Address(id));

    private bool IsOf(HostDetails? details) =>
        (conditions.Country is not { } country || Same(details?.Country, country))
        && (conditions.Asn is not { } asn || (details?.Asn is { } known && (_asNumber is not null
            ? known.StartsWith(_asNumber, StringComparison.OrdinalIgnoreCase)
                && (known.Length == _asNumber.Length || !char.IsAsciiDigit(known[_asNumber.Length]))
            : known.Contains(asn, StringComparison.OrdinalIgnoreCase))));

    private static bool Same(string? known, string asked) => known?.Equals(asked, StringComparison.OrdinalIgnoreCase) == true;
}
