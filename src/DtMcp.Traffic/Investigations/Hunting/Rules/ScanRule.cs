using System.Runtime.InteropServices;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries.Channels;
using static DtMcp.Traffic.Investigations.Hunting.Signs.HuntScene;

namespace DtMcp.Traffic.Investigations.Hunting.Rules;

/// <summary>
/// One source that tries many hosts on a port, or many ports on a host, most of them in vain, at a pace: one story a source. Where the rows
/// do not say what failed, a connection without bytes counts as failed and no finding is high. Scans from outside stay low: the Internet
/// scans everyone.
/// </summary>
internal static class ScanRule
{
    public static IEnumerable<Sign> Find(HuntScene scene)
    {
        Dictionary<(int Source, ushort Port, ushort Protocol), Sweep> hosts = [];
        Dictionary<(int Source, int Destination), Sweep> ports = [];
        var evicted = scene.Book.TriedOfDropped.Keys.Select(key => key.Source).ToHashSet();
        for (var source = 0; source < scene.Ends.Hosts; source++)
        {
            // Hardly any source has enough failures to be a scanner.
            if (scene.Short.FailedOf[source] >= Math.Min(HuntRules.ScanHosts, HuntRules.ScanPorts) || evicted.Contains(source))
            {
                Sweeps(scene, scene.Ends.From(source), hosts, ports);
            }
        }

        foreach (var (key, tried) in scene.Book.TriedOfDropped)
        {
            hosts[key] = (hosts.GetValueOrDefault(key) ?? new Sweep()).With(tried);
        }

        var inventories = hosts.Where(sweep => sweep.Value.IsScan(HuntRules.ScanHosts)).CountBy(sweep => sweep.Key.Source)
            .Where(source => source.Value >= HuntRules.InventoryPorts && Inventory.Is(scene, source.Key)).Select(source => source.Key)
            .ToHashSet();
        return hosts.Where(sweep => sweep.Value.IsScan(HuntRules.ScanHosts))
            .Select(sweep => (sweep.Key.Source, Sign: Hosts(scene, sweep.Key.Source, sweep.Key.Port, sweep.Value,
                inventories.Contains(sweep.Key.Source))))
            .Concat(ports.Where(sweep => sweep.Value.IsScan(HuntRules.ScanPorts))
                .Select(sweep => (sweep.Key.Source, Sign: Ported(scene, sweep.Key.Source, sweep.Key.Destination, sweep.Value,
                    inventories.Contains(sweep.Key.Source)))))
            .Select(found => found.Sign);
    }

    private static void Sweeps(HuntScene scene, ReadOnlySpan<int> channels, Dictionary<(int, ushort, ushort), Sweep> hosts,
        Dictionary<(int, int), Sweep> ports)
    {
        Dictionary<(int Source, ushort Port, ushort Protocol), int> failedHosts = [];
        Dictionary<(int Source, int Destination), int> failedPorts = [];
        foreach (var id in channels)
        {
            ref readonly var channel = ref scene.Book.All[id];
            if (channel.IsInVain && Counts(scene, channel))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(failedHosts, HostsOf(channel), out _)++;
                CollectionsMarshal.GetValueRefOrAddDefault(failedPorts, PortsOf(channel), out _)++;
            }
        }

        foreach (var id in channels)
        {
            ref readonly var channel = ref scene.Book.All[id];
            if (!Counts(scene, channel))
            {
                continue;
            }

            var (ofHosts, ofPorts) = (HostsOf(channel), PortsOf(channel));
            if ((failedHosts.GetValueOrDefault(ofHosts) >= HuntRules.ScanHosts || scene.Book.TriedOfDropped.ContainsKey(ofHosts))
                && !scene.Book.IsTriedOfDropped(channel.Key, scene.Flows.Hosts))
            {
                Add(hosts, ofHosts, channel);
            }

            if (failedPorts.GetValueOrDefault(ofPorts) >= HuntRules.ScanPorts)
            {
                Add(ports, ofPorts, channel);
            }
        }
    }

    private static bool Counts(HuntScene scene, in Channel channel) =>
        channel.Key.Port != 0 && !scene.IsIcmp(channel) && !scene.IsGroup(channel.Key.Destination);

    private static (int Source, ushort Port, ushort Protocol) HostsOf(in Channel channel) =>
        (channel.Key.Source, channel.Key.Port, channel.Key.Protocol);

    private static (int Source, int Destination) PortsOf(in Channel channel) => (channel.Key.Source, channel.Key.Destination);

    private static Sign Hosts(HuntScene scene, int source, ushort port, Sweep sweep, bool isInventory)
    {
        // Browsers that try many web servers outside are a line that is down, until there are very many.
        var times = HuntPorts.IsWeb(port) && sweep.Outside * 2 > sweep.Failed ? HuntRules.ScanWebTimes : 1;
        var level = sweep.Level(HuntRules.ScanHosts * times);
        return Of(scene, source, level, sweep, [port], isInventory,
            level => Text($"{sweep.Failed} of {sweep.Tried} hosts on port {port} failed, ")
                + sweep.Pace(level, HuntRules.ScanHosts * times));
    }

    private static Sign Ported(HuntScene scene, int source, int destination, Sweep sweep, bool isInventory) =>
        Of(scene, source, sweep.Level(HuntRules.ScanPorts), sweep, sweep.Ports, isInventory,
            level => Text($"{sweep.Failed} of {sweep.Tried} ports of {scene.Name(destination)} failed, ")
                + sweep.Pace(level, HuntRules.ScanPorts));

    private static Sign Of(HuntScene scene, int source, Confidence level, Sweep sweep, IReadOnlyList<int> ports,
        bool isInventory, Func<Confidence, string> figures)
    {
        var usual = scene.Before?.FailedOf(scene.Flows.Hosts, source) ?? 0;
        var isUsual = usual > 0 && usual >= HuntRules.ScanUsual * sweep.Failed;
        var confidence = !scene.IsInside(source) || isUsual ? Confidence.Low
            : level == Confidence.High && (isInventory || !scene.KnowsState) ? Confidence.Medium
            : level;
        return new Sign(HuntKind.Scan, confidence, source, null)
        {
            Ports = ports,
            Sums = sweep.Sums,
            Figures = () => figures(level) + (isUsual ? Text($"; {usual} failed before too") : "")
                + (isInventory ? "; of devices that are there, by one that does nothing outside" : "")
                + (scene.KnowsState ? "" : "; failed: without a byte"),
        };
    }

    private static void Add<TKey>(Dictionary<TKey, Sweep> all, TKey key, in Channel channel)
        where TKey : notnull
    {
        if (!all.TryGetValue(key, out var sweep))
        {
            all[key] = sweep = new Sweep();
        }

        sweep.Add(channel);
    }
}
