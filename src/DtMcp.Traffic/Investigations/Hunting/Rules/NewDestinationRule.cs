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

        Dictionary<(int Source, int Destination), Reached> pairs = [];
        foreach (ref readonly var channel in scene.Book.All)
        {
            if (channel.GoesOut && channel.Answered > 0 && !before.HasDestination(scene.Flows.Hosts, channel.Key.Destination))
            {
                var key = (channel.Key.Source, channel.Key.Destination);
                pairs[key] = pairs.GetValueOrDefault(key, Reached.None).With(channel);
            }
        }

        var bySource = pairs.GroupBy(pair => pair.Key.Source).ToList();
        var strangers = bySource.Where(source => !before.HasDevice(scene.Flows.Hosts, source.Key)).ToList();
        var manyAreNew = strangers.Count > HuntRules.NewDevices;
        return strangers
            .Select(source => Stranger(scene, source.Key, manyAreNew, [.. source.Select(pair => (pair.Key.Destination, pair.Value))]))
            .Concat(bySource.Except(strangers)
                .SelectMany(source => Known(scene, source.Key, [.. source.Select(pair => (pair.Key.Destination, pair.Value))])));
    }

    // Web sites are new every day: those are one sign. What goes to a port of its own, and much of it, is told by itself.
    private static IEnumerable<Sign> Known(HuntScene scene, int source, List<(int Destination, Reached Reached)> reached)
    {
        var much = reached.Where(one => !HuntPorts.GoesAnywhere(one.Reached.Port) && scene.DevicesOf(one.Destination) == 1
            && (one.Reached.Sums.Connections >= HuntRules.NewConnections
                || (scene.KnowsBytesOut && one.Reached.Sums.BytesOut >= HuntRules.NewBytesOut))).ToList();
        foreach (var (destination, one) in much)
        {
            yield return new Sign(HuntKind.NewDestinations, Confidence.Medium, source, destination)
            {
                Ports = [one.Port],
                Figures = () => Text($"nobody went there before; {one.Sums.Connections} connections (≥{HuntRules.NewConnections}) or ")
                    + Text($"{Size(one.Sums.BytesOut)} sent (≥{Size(HuntRules.NewBytesOut)})"),
            };
        }

        if (reached.Count > much.Count)
        {
            var others = reached.Except(much).ToList();
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
