using DtMcp.Darktrace.Reading;

namespace DtMcp.Traffic.Condensing;

/// <summary>
/// Who went out and who came in, from the pairs of <c>connections[]</c>: an outside host that is a target is a destination, one that is a source came in. The bytes of a
/// host that was both cannot be told apart and stay unknown.
/// </summary>
internal sealed class OutsidePairs
{
    private readonly HashSet<ExternalDevice> _targets = [];
    private readonly HashSet<ExternalDevice> _comers = [];
    private readonly bool _isBytes;

    /// <param name="answer">An answer with <c>externaldevices[]</c>.</param>
    /// <param name="focus">The host asked about, which may be outside itself: it is no destination of its own.</param>
    public OutsidePairs(Connectivity answer, NetAddress focus = default)
    {
        _isBytes = ConnectivityParts.IsBytes(answer);
        Dictionary<long, ExternalDevice> byId = new(KeyedLongs.OfProcess);
        Dictionary<string, ExternalDevice> byIp = new(StringComparer.OrdinalIgnoreCase);
        foreach (var outside in answer.ExternalDevices ?? [])
        {
            if (outside.Id is { } id)
            {
                byId.TryAdd(id, outside);
            }

            if (outside.Ip is { } ip)
            {
                byIp.TryAdd(ip, outside);
            }
        }

        ExternalDevice? Find(ConnectionEnd end) =>
            end.Ip is { } ip && byIp.TryGetValue(ip, out var known) ? known : end.Type == "externaldevice" && byId.TryGetValue(end.Id, out known) ? known : null;

        bool IsFocus(ExternalDevice outside) => focus.IsPresent && NetAddress.TryParse(outside.Ip, out var address) && address == focus;

        var devices = (answer.Devices ?? []).GroupBy(device => device.Did).ToDictionary(group => group.Key, group => group.First());
        Dictionary<string, (ConnectionEnd End, HashSet<ExternalDevice> To)> sources = new(StringComparer.Ordinal);
        HashSet<long> alsoTargets = new(KeyedLongs.OfProcess);
        foreach (var pair in answer.Connections ?? [])
        {
            if (Find(pair.Target) is { } target && !IsFocus(target))
            {
                _targets.Add(target);
                var key = pair.Source.Ip ?? $"{pair.Source.Type} {pair.Source.Id}";
                if (!sources.TryGetValue(key, out var source))
                {
                    sources[key] = source = (pair.Source, []);
                }

                source.To.Add(target);
            }
            else if (Find(pair.Source) is { } comer && !IsFocus(comer))
            {
                _comers.Add(comer);
                alsoTargets.Add(pair.Target.Id);
            }
        }

        if (answer.Connections is null)
        {
            _targets.UnionWith(answer.ExternalDevices ?? []);
        }

        Sources = [.. sources.Values.Select(source =>
        {
            var device = source.End.Type == "device" && devices.TryGetValue(source.End.Id, out var known) ? known : null;
            return new Source(
                source.End.Ip ?? device?.Ip ?? "unknown", device?.Did, device?.Details.Hostname,
                device is not null && _isBytes && !alsoTargets.Contains(device.Did) ? device.Size : null, source.To.Count);
        })];
    }

    public IReadOnlyCollection<ExternalDevice> Destinations => _targets;

    public IReadOnlyCollection<ExternalDevice> Comers => [.. _comers];

    public IReadOnlyList<Source> Sources { get; }

    public long? BytesOf(ExternalDevice outside) => _isBytes && !(_targets.Contains(outside) && _comers.Contains(outside)) ? outside.Size : null;

    /// <summary>A device that went out: its bytes with the outside, and to how many hosts.</summary>
    public sealed record Source(string Ip, long? Did, string? Hostname, long? Bytes, int Destinations);
}
