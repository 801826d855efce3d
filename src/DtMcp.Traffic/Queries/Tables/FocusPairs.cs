using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Queries.Tables;

/// <summary>
/// What passed between the device asked about and one other end: whether the device began connections to it, and whether it came to the
/// device.
/// </summary>
internal sealed record FocusPeer(
    string? Ip, long? Did, string? Hostname, HostDetails? Details, bool Began, bool Came, InOut? Bytes, long? Total)
{
    public bool IsMixed => Began && Came;

    public string Order => Ip ?? Hostname ?? "";
}

/// <summary>
/// The peers of the device asked about in one answer, by who began: <c>connections[]</c> tells that, the panel of peers what came and went.
/// Inside peers that are no devices share one entry of <c>connections[]</c>: all of them have its direction, unless it goes both ways.
/// </summary>
internal sealed class FocusPairs
{
    private readonly Dictionary<EndKey, (bool Began, bool Came)> _roles = [];
    private readonly List<FocusPeer> _peers = [];
    private readonly ConnectivityEnds _ends;

    public FocusPairs(Connectivity answer, long? did, NetAddress address)
    {
        _ends = new ConnectivityEnds(answer);
        IsKnown = answer.Connections is not null;
        var pairs = (answer.Connections ?? [])
            .Select(pair => (Source: _ends.Key(pair.Source), Target: _ends.Key(pair.Target))).ToList();
        var focus = did is { } id ? new EndKey(EndKind.Device, id) : _ends.Key(address);
        foreach (var (source, target) in pairs)
        {
            var isSelf = source == focus && target == focus;
            Add(source == focus ? target : source, source == focus, source != focus || (isSelf && focus.Kind == EndKind.Nameless));
        }

        IsVague = _roles.GetValueOrDefault(new EndKey(EndKind.Nameless, 0)) is { Began: true, Came: true };
        Join(answer);
    }

    /// <summary>Whether the answer has pairs at all.</summary>
    public bool IsKnown { get; }

    /// <summary>
    /// Whether it is unknown who began with the peers that are no devices; they are in <see cref="Peers"/> as mixed ones.
    /// </summary>
    public bool IsVague { get; }

    public IReadOnlyList<FocusPeer> Peers => _peers;

    private void Add(EndKey key, bool began, bool came)
    {
        var known = _roles.GetValueOrDefault(key);
        _roles[key] = (known.Began || began, known.Came || came);
    }

    private void Join(Connectivity answer)
    {
        Dictionary<string, PeerBytes> panel = new(StringComparer.OrdinalIgnoreCase);
        foreach (var row in answer.Peers ?? [])
        {
            panel[row.Ip ?? row.Device] = row;
        }

        var names = _ends.Outside.SelectMany(Names).GroupBy(name => name, StringComparer.OrdinalIgnoreCase).ToDictionary(
            group => group.Key, group => group.Count(), StringComparer.OrdinalIgnoreCase);
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, (began, came)) in _roles)
        {
            if (_ends.External(key) is { } outside)
            {
                // A name that several hosts have is no key to one of them.
                var name = Names(outside).FirstOrDefault(name => names[name] == 1 && panel.ContainsKey(name));
                taken.UnionWith(Names(outside));
                Add(outside.Ip, null, outside.Details.Hostname ?? outside.Name, outside.Details, name);
            }
            else if (key.Kind == EndKind.Device)
            {
                var device = _ends.Device(key);
                var ip = device?.Ip;
                taken.Add(ip ?? "");
                Add(ip, key.Id, device?.Details.Hostname, device?.Details, ip is not null && panel.ContainsKey(ip) ? ip : null);
            }

            void Add(string? ip, long? did, string? hostname, HostDetails? details, string? row)
            {
                var bytes = row is null ? (InOut?)null : panel[row].Bytes;
                var told = bytes is { In: null, Out: null } ? null : bytes;
                _peers.Add(new FocusPeer(ip, did, hostname, details, began, came, told, told?.Total ?? _ends.Bytes(key)));
            }
        }

        var book = new PeerBook(answer);
        foreach (var (name, row) in panel)
        {
            if (!taken.Contains(name))
            {
                var isListed = book.Find(new PeerBytes(name, name, row.Bytes)).Details is not null;
                var nameless = isListed ? default : _roles.GetValueOrDefault(new EndKey(EndKind.Nameless, 0));
                var isAddress = row.Address.IsPresent;
                _peers.Add(new FocusPeer(
                    isAddress ? name : null, null, isAddress ? null : name, null, nameless.Began, nameless.Came, row.Bytes,
                    row.Bytes.Total));
            }
        }
    }

    private static IEnumerable<string> Names(ExternalDevice outside) =>
        new[] { outside.Ip, outside.Name, outside.Details.Hostname }.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase);
}
