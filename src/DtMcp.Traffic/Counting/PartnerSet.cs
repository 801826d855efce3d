using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Counting;

/// <summary>
/// Which endpoints each endpoint spoke with, for the number of them: keys alone, 8 bytes a slot, at most <see cref="MaxKeys"/> pairs. When
/// there are more, the endpoints with most partners are counted by sketch from then on.
/// </summary>
internal sealed class PartnerSet
{
    /// <summary>60 MB of slots at most: a page that was split is two fifths full.</summary>
    public const int MaxKeys = 3_000_000;

    private readonly PairSketches _sketches = new();

    private PairPages<Slot> _pairs = new();

    public int Count => _pairs.Count;

    /// <summary>Whether the number of some endpoint's partners is an estimate.</summary>
    public bool IsEstimate
    {
        get => field || _pairs.HasLost;
        private set;
    }

    /// <summary>Whether the number is not known for some, because there are more such endpoints than sketches.</summary>
    public bool Undercounts => _sketches.Undercounts || _pairs.HasLost;

    public void Add(int host, int partner, HostTable hosts)
    {
        if (_sketches.Any && _sketches.TryAdd(host, hosts.Fingerprint(partner)))
        {
            return;
        }

        if (_pairs.TryAdd(new Slot(host, partner)) && Count > MaxKeys)
        {
            SketchTheBusiest(hosts);
        }
    }

    /// <summary>How many partners each of some endpoints has, in one pass; null where that is not known.</summary>
    public Dictionary<int, long?> Numbers(IEnumerable<int> wanted, HostTable hosts)
    {
        var kept = wanted.ToDictionary(host => host, _ => new List<ulong>());
        foreach (ref readonly var slot in _pairs)
        {
            if (kept.TryGetValue(slot.Host, out var partners))
            {
                partners.Add(hosts.Fingerprint(slot.Partner));
            }
        }

        return kept.ToDictionary(pair => pair.Key,
            pair => _sketches.IsTooLow(pair.Key) ? (long?)null : _sketches.Distinct(pair.Key, pair.Value));
    }

    /// <summary>
    /// How many partners groups of endpoints have together, one that several of a group spoke with counting once; null where that is not
    /// known.
    /// </summary>
    /// <param name="groupOf">The group of each endpoint that is asked about.</param>
    /// <param name="hosts">Who partners are.</param>
    public Dictionary<int, long?> NumbersOf(IReadOnlyDictionary<int, int> groupOf, HostTable hosts)
    {
        var groups = groupOf.GroupBy(pair => pair.Value, pair => pair.Key).ToDictionary(group => group.Key, group => group.ToList());
        var kept = groups.Keys.ToDictionary(group => group, _ => new HashSet<ulong>());
        foreach (ref readonly var slot in _pairs)
        {
            if (groupOf.TryGetValue(slot.Host, out var group))
            {
                kept[group].Add(hosts.Fingerprint(slot.Partner));
            }
        }

        return groups.ToDictionary(group => group.Key,
            group => group.Value.Exists(_sketches.IsTooLow) ? (long?)null : _sketches.Distinct(group.Value, kept[group.Key]));
    }

    /// <summary>Goes over to new ids; a pair goes with its endpoint, and one whose partner goes is in the endpoint's sketch.</summary>
    public void Remap(EndpointRemap remap)
    {
        _sketches.Remap(remap);
        var old = _pairs;
        _pairs = old.Anew();
        foreach (ref readonly var slot in old)
        {
            if (remap.NewId(slot.Host) is not (>= 0 and var host))
            {
                continue;
            }

            if (remap.NewId(slot.Partner) is >= 0 and var partner)
            {
                _pairs.TryAdd(new Slot(host, partner));
            }
            else
            {
                IsEstimate = true;
                _sketches.Add(host, remap.Fingerprint(slot.Partner));
            }
        }
    }

    private void SketchTheBusiest(HostTable hosts)
    {
        IsEstimate = true;
        Dictionary<int, int> partners = [];
        foreach (ref readonly var slot in _pairs)
        {
            partners[slot.Host] = partners.GetValueOrDefault(slot.Host) + 1;
        }

        var fewest = 1 << 20;
        while (fewest > 1 && partners.Values.Sum(count => count >= fewest ? (long)count : 0) < MaxKeys / 2)
        {
            fewest /= 2;
        }

        var old = _pairs;
        _pairs = old.Anew();
        foreach (ref readonly var slot in old)
        {
            if (partners[slot.Host] >= fewest)
            {
                _sketches.Add(slot.Host, hosts.Fingerprint(slot.Partner));
            }
            else
            {
                _pairs.TryAdd(slot);
            }
        }
    }

    /// <summary>A pair; the endpoint's id plus one in its upper half.</summary>
    private readonly record struct Slot(ulong Key) : IPairSlot
    {
        public Slot(int host, int partner)
            : this(((ulong)(uint)(host + 1) << 32) | (uint)partner)
        {
        }

        public bool IsFree => Key == 0;

        public int Host => (int)(Key >> 32) - 1;

        public int Partner => (int)(uint)Key;
    }
}
