using DtMcp.Darktrace.Reading.Network;

namespace DtMcp.Traffic.Queries.Tables;

/// <summary>
/// Who went out and who came in, from the pairs of <c>connections[]</c>: outbound where the target is outside, inbound where only the
/// source is. The one sum of a host that is met in more than one of these parts cannot be divided, so its bytes are unknown.
/// </summary>
internal sealed class OutsidePairs
{
    private readonly ConnectivityEnds _ends;
    private readonly HashSet<EndKey> _targets = [];
    private readonly HashSet<EndKey> _hosts = [];
    private readonly Dictionary<EndKey, HashSet<EndKey>> _sources = [];
    private readonly Dictionary<EndKey, HashSet<EndKey>> _inboundSources = [];

    private readonly bool _isExternalAlone;

    /// <param name="answer">An answer with <c>externaldevices[]</c>.</param>
    /// <param name="isExternalAlone">Whether what it counts of devices is external only.</param>
    public OutsidePairs(Connectivity answer, bool isExternalAlone = true)
    {
        _isExternalAlone = isExternalAlone;
        _ends = new ConnectivityEnds(answer);
        IsKnown = answer.Connections is not null;
        foreach (var pair in answer.Connections ?? [])
        {
            var (source, target) = (_ends.Key(pair.Source), _ends.Key(pair.Target));
            if (target.Kind == EndKind.Outside)
            {
                _targets.Add(target);
                Add(_sources, source, target);
            }
            else if (source.Kind == EndKind.Outside)
            {
                _hosts.Add(target);
                Add(_inboundSources, source, target);
            }
        }

        Destinations = [.. _targets.Select(key => Far(key, _sources.ContainsKey(key) || _inboundSources.ContainsKey(key), null))];
        InboundSources = [.. _inboundSources.Select(comer => Far(
            comer.Key,
            _targets.Contains(comer.Key) || _sources.ContainsKey(comer.Key),
            comer.Value.Any(key => key.Kind == EndKind.Nameless) ? null : comer.Value.Count))];
        HasNamelessSource = _sources.Keys.Any(key => key.Kind == EndKind.Nameless);
        Sources = [.. _sources.Where(source => source.Key.Kind != EndKind.Nameless).Select(source => From(source.Key, source.Value.Count))];
    }

    /// <summary>Whether the answer has pairs at all.</summary>
    public bool IsKnown { get; }

    /// <summary>Whether addresses that cannot be told apart went out too: there are more sources than are listed.</summary>
    public bool HasNamelessSource { get; }

    public IReadOnlyList<FarHost> Destinations { get; }

    public IReadOnlyList<FarHost> InboundSources { get; }

    public IReadOnlyList<Source> Sources { get; }

    private static void Add(Dictionary<EndKey, HashSet<EndKey>> partners, EndKey key, EndKey partner)
    {
        if (!partners.TryGetValue(key, out var known))
        {
            partners[key] = known = [];
        }

        known.Add(partner);
    }

    private FarHost Far(EndKey key, bool isMixed, int? targets) => new(_ends.External(key)!, isMixed ? null : _ends.Bytes(key), targets);

    private Source From(EndKey key, int destinations)
    {
        var isMixed = _hosts.Contains(key) || _targets.Contains(key) || _inboundSources.ContainsKey(key);
        var bytes = isMixed ? null : _ends.Bytes(key);
        if (_ends.External(key) is { } outside)
        {
            return new Source(
                outside.Ip, null, outside.Details.Hostname ?? (outside.Name == outside.Ip ? null : outside.Name), bytes, destinations);
        }

        var device = _ends.Device(key);
        return new Source(device?.Ip, key.Id, device?.Details.Hostname, _isExternalAlone ? bytes : null, destinations);
    }

    /// <summary>A host outside, the bytes of its connections of one kind, and how many it came to.</summary>
    public sealed record FarHost(ExternalDevice Host, long? Bytes, int? Targets)
    {
        public string Order => Host.Ip ?? Host.Name ?? "";
    }

    /// <summary>What went out: its bytes with the outside, and to how many hosts.</summary>
    public sealed record Source(string? Ip, long? Did, string? Hostname, long? Bytes, int Destinations)
    {
        public string Order => Ip ?? "";
    }
}
