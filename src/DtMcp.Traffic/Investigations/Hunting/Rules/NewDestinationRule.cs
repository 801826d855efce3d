using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries.Channels;
using static DtMcp.Traffic.Investigations.Hunting.Signs.HuntScene;

namespace DtMcp.Traffic.Investigations.Hunting.Rules;

/// <summary>
/// Destinations outside that no device used in the time before. A device that was there is looked at by its destinations; one that was not
/// is one sign with all of them, as everything of it is new. After a day off many are, and that is low.
/// </summary>
internal static class NewDestinationRule
{
    public static IEnumerable<Sign> Find(HuntScene scene)
    {
        if (scene.Before is not { ReachesBack: true } before)
        {
            return [];
        }

        var isNew = new bool[scene.Ends.Hosts];
        for (var host = 0; host < isNew.Length; host++)
        {
            isNew[host] = scene.Short.TakesOutside[host] && !before.HasDestination(scene.Flows.Hosts, host);
        }

        List<(int Source, bool IsStranger, List<(int Destination, Reached Reached)> Reached)> bySource = [];
        for (var source = 0; source < scene.Ends.Hosts; source++)
        {
            if (Fresh(scene, source, isNew) is { } reached)
            {
                bySource.Add((source, !before.HasDevice(scene.Flows.Hosts, source), reached));
            }
        }

        var manyAreNew = bySource.Count(source => source.IsStranger) > HuntRules.NewDevices;
        return bySource.SelectMany(source => source.IsStranger
            ? [Stranger(scene, source.Source, manyAreNew, source.Reached)] : Known(scene, source.Source, source.Reached));
    }

    // The new destinations of a source that answered it; null when there are none.
    private static List<(int Destination, Reached Reached)>? Fresh(HuntScene scene, int source, bool[] isNew)
    {
        List<(int Destination, Reached Reached)>? all = null;
        var (from, to) = scene.Ends.PairsOf(source);
        for (var pair = from; pair < to; pair++)
        {
            if (!isNew[scene.Ends.DestinationOf(pair)])
            {
                continue;
            }

            var reached = Reached.None;
            foreach (var id in scene.Ends.Of(pair))
            {
                ref readonly var channel = ref scene.Book.All[id];
                reached = channel.GoesOut && channel.Answered > 0 ? reached.With(channel) : reached;
            }

            if (reached.Sums.Connections > 0)
            {
                (all ??= []).Add((scene.Ends.DestinationOf(pair), reached));
            }
        }

        return all;
    }

    // Web sites are new every day: those are one sign. What goes to a port of its own, and much of it, is told by itself.
    private static IEnumerable<Sign> Known(HuntScene scene, int source, List<(int Destination, Reached Reached)> reached)
    {
        var isMuch = reached.ToLookup(one => !HuntPorts.GoesAnywhere(one.Reached.Port) && scene.DevicesOf(one.Destination) == 1
            && (one.Reached.Sums.Connections >= HuntRules.NewConnections
                || (scene.KnowsBytesOut && one.Reached.Sums.BytesOut >= HuntRules.NewBytesOut)));
        var (much, others) = (isMuch[true].ToList(), isMuch[false].ToList());
        foreach (var (destination, one) in much)
        {
            yield return new Sign(HuntKind.NewDestinations, Confidence.Medium, source, destination)
            {
                Ports = [one.Port],
                Figures = () => Text($"nobody went there before; {one.Sums.Connections} connections (≥{HuntRules.NewConnections}) or ")
                    + Text($"{Size(one.Sums.BytesOut)} sent (≥{Size(HuntRules.NewBytesOut)})"),
            };
        }

        if (others.Count > 0)
        {
            var (destination, most) = Most(scene, others);
            yield return new Sign(HuntKind.NewDestinations, Confidence.Low, source, destination)
            {
                Ports = [most.Port],
                Figures = () => Text($"{others.Count} hosts that nobody went to before, most to this one, {Size(most.Sums.Bytes)}"),
            };
        }
    }

    private static (int Destination, Reached Reached) Most(HuntScene scene, List<(int Destination, Reached Reached)> reached) => reached
        .OrderByDescending(one => one.Reached.Sums.Bytes.Value).ThenBy(one => scene.Flows.Hosts.Address(one.Destination)).First();

    private static Sign Stranger(HuntScene scene, int source, bool manyAreNew, List<(int Destination, Reached Reached)> reached)
    {
        var alone = reached.Where(one => scene.DevicesOf(one.Destination) == 1).ToList();
        var (destination, most) = Most(scene, alone.Count > 0 ? alone : reached);
        var seen = scene.Flows.Hosts.Details(source)?.FirstSeen;
        var isOld = seen is { } first && first < scene.Book.FirstMs;
        var confidence = alone.Count > 0 && !manyAreNew && !isOld && scene.IsDevice(source) ? Confidence.Medium : Confidence.Low;
        return new Sign(HuntKind.NewDestinations, confidence, source, destination)
        {
            Ports = [most.Port],
            Figures = () => Text($"neither it nor {reached.Count} of its destinations were there before, {alone.Count} its alone; ")
                + Text($"most to this one, {Size(most.Sums.Bytes)}"),
        };
    }

    private readonly record struct Reached(Sums Sums, int Port, long Most)
    {
        public static Reached None => new(Sums.None, 0, -1);

        public Reached With(in Channel channel) => new(
            Sums.With(channel), channel.Bytes > Most || (channel.Bytes == Most && channel.Key.Port < Port) ? channel.Key.Port : Port,
            Math.Max(Most, channel.Bytes));
    }
}
