using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Questions.Names;
using static DtMcp.Traffic.Investigations.Hunting.Signs.HuntScene;

namespace DtMcp.Traffic.Investigations.Hunting.Rules;

/// <summary>
/// What names tell that connections do not: data sent as names of one domain, and a search for a server under made-up names. Each is a
/// story of the device and the server that it asked.
/// </summary>
internal static class NameRule
{
    private const ushort Dns = 53;

    public static IEnumerable<Sign> Find(HuntScene scene, KnownNames? names) => names is null ? [] :
    [
        .. names.Tunnels.Select(tunnel => Of(scene, tunnel)).OfType<Sign>(),
        .. names.Nowhere.Select(nowhere => Of(scene, nowhere)).OfType<Sign>(),
    ];

    /// <summary>How many devices of what was found no connection names.</summary>
    public static int Unknown(HuntScene scene, KnownNames? names) => names is null ? 0
        : names.Tunnels.Select(tunnel => tunnel.Device).Concat(names.Nowhere.Select(nowhere => nowhere.Device)).Distinct()
            .Count(device => !scene.Flows.Hosts.TryGet(device, out _));

    private static Sign? Of(HuntScene scene, Tunnel tunnel)
    {
        var confidence = tunnel.Names >= Tunnel.High ? Confidence.High
            : tunnel.Names >= Tunnel.Medium ? Confidence.Medium
            : Confidence.Low;
        return Of(scene, HuntKind.DnsTunnel, confidence, tunnel.Device, tunnel.Server, tunnel.Domain, () =>
            Text($"{tunnel.Names} different names (≥{Tunnel.Least}; {Tunnel.Medium} medium, {Tunnel.High} high) below {tunnel.Domain} ")
            + Text($"in {tunnel.Lookups} lookups over {Span(tunnel.Last - tunnel.First)}, up to {tunnel.Longest} letters"));
    }

    private static Sign? Of(HuntScene scene, NowhereDomains nowhere)
    {
        var share = (double)nowhere.Domains / nowhere.Asked;
        var (isMost, isRandom) = (share >= NameThresholds.MostNowhere, nowhere.Entropy >= NameThresholds.RandomEntropy);
        var confidence = nowhere.Domains > NameThresholds.ManyNowhere ? (isMost && isRandom ? Confidence.High : Confidence.Medium)
            : nowhere.Domains >= NameThresholds.SomeNowhere && isMost && isRandom ? Confidence.Medium
            : Confidence.Low;
        return Of(scene, HuntKind.GeneratedNames, confidence, nowhere.Device, nowhere.Server, null, () =>
            Text($"asked for {nowhere.Domains} domains (>{NameThresholds.ManyNowhere}) that nobody has, {share:P0} ")
            + Text($"(≥{NameThresholds.MostNowhere:P0}) of all it asked for, in {Span(nowhere.Last - nowhere.First)}; labels of ")
            + Text($"{nowhere.Letters} letters, {nowhere.Entropy:0.0} bits a letter (≥{NameThresholds.RandomEntropy:0.0}), such as ")
            + nowhere.Example);
    }

    private static Sign? Of(
        HuntScene scene, HuntKind kind, Confidence confidence, NetAddress device, NetAddress server, string? domain, Func<string> figures)
    {
        if (!scene.Flows.Hosts.TryGet(device, out var source) || source >= scene.Ends.Hosts)
        {
            return null;
        }

        // Without connections between the two, what it adds up to is what the device asked whomever.
        var hasPair = scene.Flows.Hosts.TryGet(server, out var far) && far < scene.Ends.Hosts && scene.Ends.Between(source, far).Length > 0;
        var sums = Sums.None;
        if (!hasPair)
        {
            var (from, to) = scene.Ends.PairsOf(source);
            for (var pair = from; pair < to; pair++)
            {
                foreach (var id in scene.Ends.Of(pair))
                {
                    ref readonly var channel = ref scene.Book.All[id];
                    sums = channel.Key.Port == Dns ? sums.With(channel) : sums;
                }
            }
        }

        return new Sign(kind, confidence, source, hasPair ? far : null)
        {
            Ports = [Dns],
            Domain = domain,
            Sums = hasPair ? null : sums,
            Figures = figures,
        };
    }
}
