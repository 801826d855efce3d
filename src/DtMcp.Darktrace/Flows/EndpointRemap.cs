using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Flows;

/// <summary>
/// What happens to each endpoint when a full <see cref="HostTable"/> makes room: it gets a new id, or is evicted. Whoever holds ids moves
/// with it, while the table still knows the old ones.
/// </summary>
public sealed class EndpointRemap
{
    private readonly HostTable _hosts;
    private readonly int[] _newIds;

    internal EndpointRemap(HostTable hosts, int[] newIds, int kept)
    {
        (_hosts, _newIds, Kept) = (hosts, newIds, kept);
    }

    /// <summary>Endpoints before.</summary>
    public int Count => _newIds.Length;

    /// <summary>Endpoints after.</summary>
    public int Kept { get; }

    /// <summary>The new id, never above the old one and in the same order; -1 when the endpoint is evicted.</summary>
    public int NewId(int id) => _newIds[id];

    /// <summary>64 bits that stand for the endpoint itself, whatever its id, for what counts distinct ones.</summary>
    public ulong Fingerprint(int id) => _hosts.Fingerprint(id);

    /// <summary>The address of an endpoint by its old id.</summary>
    public NetAddress Address(int id) => _hosts.Address(id);

    /// <summary>What is known of an endpoint, by its old id.</summary>
    public HostDetails? Details(int id) => _hosts.Details(id);

    /// <summary>What an endpoint is called, by its old id.</summary>
    public string Name(int id) => _hosts.Name(id);
}
