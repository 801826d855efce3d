namespace DtMcp.Darktrace.Reading;

/// <summary>
/// The endpoints of a set of connections as ids from 0 up. An endpoint is its address; one without an address is its device id, else its name.
/// One address may carry several device ids (a lease that moved); the first is <see cref="Did"/>.
/// </summary>
public sealed class HostTable
{
    private readonly Dictionary<Key, int> _ids = [];
    private readonly List<Key> _keys = [];
    private readonly List<long> _dids = [];
    private readonly Dictionary<int, HostDetails> _details = [];
    private readonly Dictionary<int, List<long>> _moreDids = [];

    /// <summary>The device id of an endpoint that has none. Real ids may be negative.</summary>
    public const long NoDid = long.MinValue;

    public int Count => _keys.Count;

    public NetAddress Address(int id) => _keys[id].Address;

    public long Did(int id) => _dids[id];

    /// <summary>Whether the endpoint carried this device id in any row.</summary>
    public bool HasDid(int id, long did) => _dids[id] == did || (_moreDids.TryGetValue(id, out var more) && more.Contains(did));

    public HostDetails? Details(int id) => _details.GetValueOrDefault(id);

    /// <summary>What to call the endpoint: its address, else its name, else <c>did N</c>.</summary>
    public string Name(int id) => _keys[id] switch
    {
        { Address.IsPresent: true } key => key.Address.ToString(),
        { Name: not null } key => key.Name,
        var key when key.Did != NoDid => $"did {key.Did}",
        _ => "unknown",
    };

    /// <summary>The id of an endpoint, new or known. An unknown <paramref name="did"/> is <see cref="NoDid"/>; <paramref name="name"/> counts only without an address and a device id.</summary>
    public int GetOrAdd(NetAddress address, long did, string? name = null)
    {
        var key = address.IsPresent ? new Key(address, NoDid, null) : did != NoDid ? new Key(default, did, null) : new Key(default, NoDid, name);
        if (!_ids.TryGetValue(key, out var id))
        {
            id = _keys.Count;
            _ids.Add(key, id);
            _keys.Add(key);
            _dids.Add(did);
            return id;
        }

        if (did != NoDid)
        {
            NoteDid(id, did);
        }

        return id;
    }

    public bool TryGet(NetAddress address, out int id) => _ids.TryGetValue(new Key(address, NoDid, null), out id);

    /// <summary>Remembers a device id of a known endpoint.</summary>
    public void NoteDid(int id, long did)
    {
        if (_dids[id] == NoDid)
        {
            _dids[id] = did;
        }
        else if (_dids[id] != did)
        {
            if (!_moreDids.TryGetValue(id, out var more))
            {
                _moreDids[id] = more = [];
            }

            if (!more.Contains(did))
            {
                more.Add(did);
            }
        }
    }

    /// <summary>Keeps what an answer says of an endpoint; what was known before stays.</summary>
    public void Describe(int id, HostDetails details) =>
        _details[id] = _details.TryGetValue(id, out var known) ? known.FilledFrom(details) : details;

    /// <summary>Adds an endpoint of another table with all that is known of it.</summary>
    internal int Adopt(HostTable other, int otherId)
    {
        var key = other._keys[otherId];
        var id = GetOrAdd(key.Address, other._dids[otherId], key.Name);
        if (other._moreDids.TryGetValue(otherId, out var more))
        {
            more.ForEach(did => NoteDid(id, did));
        }

        if (other._details.TryGetValue(otherId, out var details))
        {
            Describe(id, details);
        }

        return id;
    }

    private readonly record struct Key(NetAddress Address, long Did, string? Name);
}
