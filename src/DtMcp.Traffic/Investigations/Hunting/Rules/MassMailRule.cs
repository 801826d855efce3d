using DtMcp.Traffic.Investigations.Hunting.Signs;
using static DtMcp.Traffic.Investigations.Hunting.Signs.HuntScene;

namespace DtMcp.Traffic.Investigations.Hunting.Rules;

/// <summary>
/// A device that speaks SMTP to many networks outside and takes no mail itself: a machine that sends spam or spreads by mail. A mail server
/// takes mail too; another server of the network (that sends newsletters, or alarms) is one step less sure.
/// </summary>
internal static class MassMailRule
{
    public static IEnumerable<Sign> Find(HuntScene scene)
    {
        Dictionary<int, Dictionary<UInt128, long>> networks = [];
        foreach (var id in scene.Short.MailOut)
        {
            ref readonly var channel = ref scene.Book.All[id];
            if (scene.IsTcp(channel) && !scene.Short.TakesMail[channel.Key.Source])
            {
                var network = NetworkOf(scene.Flows.Hosts, channel.Key.Destination);
                var firsts = networks.TryGetValue(channel.Key.Source, out var known) ? known : networks[channel.Key.Source] = [];
                firsts[network] = Math.Min(firsts.GetValueOrDefault(network, long.MaxValue), channel.First);
            }
        }

        return networks.Where(source => source.Value.Count >= HuntRules.MailNetworks)
            .Select(source => Of(scene, source.Key, [.. source.Value.Values.Where(at => at != long.MaxValue).Order()])).OfType<Sign>();
    }

    private static Sign? Of(HuntScene scene, int source, List<long> firsts)
    {
        var (soon, anHour) = (FullestSpan.Most(firsts, HuntRules.MailHighMs), FullestSpan.Most(firsts, HuntRules.MailMediumMs));
        if (anHour < HuntRules.MailNetworks)
        {
            return null;
        }

        var level = soon >= HuntRules.MailNetworks ? Confidence.High : Confidence.Medium;
        var before = scene.Before?.MailNetworksOf(scene.Flows.Hosts, source) ?? 0;
        var (isUsual, isServer) = (before >= HuntRules.MailUsual * firsts.Count, scene.IsServer(source));
        var confidence = isUsual ? Confidence.Low : isServer ? level - 1 : level;
        var sums = Sums.None;
        HashSet<int> hosts = [], ports = [];
        foreach (var id in scene.Ends.From(source))
        {
            ref readonly var channel = ref scene.Book.All[id];
            if (channel.GoesOut && HuntPorts.IsMail(channel.Key.Port))
            {
                sums = sums.With(channel);
                hosts.Add(channel.Key.Destination);
                ports.Add(channel.Key.Port);
            }
        }

        return new Sign(HuntKind.MassMail, confidence, source, null)
        {
            Ports = [.. ports.Order()],
            Sums = sums,
            Figures = () => Text($"mail to {hosts.Count} hosts in {firsts.Count} networks outside, {anHour} (≥{HuntRules.MailNetworks}) ")
                + Text($"within {Span(HuntRules.MailMediumMs)}, {soon} within {Span(HuntRules.MailHighMs)}, takes none itself")
                + (isUsual ? Text($", {before} networks before too") : isServer ? ", a server of others" : ""),
        };
    }
}
