using static DtMcp.Traffic.Condensing.Hunting.HuntScene;

namespace DtMcp.Traffic.Condensing.Hunting;

/// <summary>Destinations outside that no device used in the time before. Medium when the device is new too, or when much goes there.</summary>
internal static class NewDestinationRule
{
    public const string Kind = "new_destinations";

    public static IEnumerable<Finding> Find(HuntScene scene)
    {
        if (scene.Before is not { } before)
        {
            return [];
        }

        Dictionary<(int Source, int Destination), Channel> pairs = [];
        foreach (ref readonly var channel in scene.Book.Channels)
        {
            if (channel.GoesOut && !before.HasDestination(scene.Flows.Hosts, channel.Key.Destination))
            {
                var key = (channel.Key.Source, channel.Key.Destination);
                pairs[key] = pairs.TryGetValue(key, out var known) ? Sum(known, channel) : channel;
            }
        }

        return pairs.Values.Select(pair => Of(scene, before, pair));
    }

    private static Finding Of(HuntScene scene, Baseline before, Channel pair)
    {
        var isNewDevice = !before.HasDevice(scene.Flows.Hosts, pair.Key.Source);
        var isMuch = pair.Connections >= HuntRules.NewConnections || (scene.KnowsBytesOut && pair.BytesOut >= HuntRules.NewBytesOut);
        var confidence = pair.Answered > 0 && (isNewDevice || isMuch) ? Confidence.Medium : Confidence.Low;
        return new Finding(Kind, scene.Popular(confidence, pair.Key.Destination), pair.Key.Source)
        {
            Destination = pair.Key.Destination,
            Port = pair.Key.Port,
            First = pair.First,
            Last = pair.Last,
            Connections = pair.Connections,
            BytesOut = scene.KnowsBytesOut ? pair.BytesOut : null,
            BytesIn = scene.KnowsBytesOut ? pair.BytesIn : null,
            Figures = () => $"{(isNewDevice ? "neither the destination nor the device was" : "the destination was not")} there in the " +
                $"time before; {Text($"{pair.Bytes} bytes")}; {scene.About(pair.Key)}",
            RuleOut = "A site that someone opened for the first time, a service that moved to other addresses.",
        };
    }

    private static Channel Sum(Channel a, in Channel b) => a with
    {
        Key = a.Bytes >= b.Bytes ? a.Key : b.Key,
        Connections = a.Connections + b.Connections,
        Failed = a.Failed + b.Failed,
        Answered = a.Answered + b.Answered,
        Bytes = a.Bytes + b.Bytes,
        BytesOut = a.BytesOut + b.BytesOut,
        First = Math.Min(a.First, b.First),
        Last = Math.Max(a.Last, b.Last),
    };
}
