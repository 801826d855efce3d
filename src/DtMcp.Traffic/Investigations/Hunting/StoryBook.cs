using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>Puts signs together into stories, adds what speaks of the same far end, and orders them.</summary>
internal static class StoryBook
{
    /// <summary>As many low stories of one kind and port are one line.</summary>
    private const int FewestAlike = 3;

    /// <summary>Stands for whoever came to a far end.</summary>
    private const int Anyone = -1;

    public static List<Story> Of(HuntScene scene, IEnumerable<Sign> signs, KnownGood knownGood)
    {
        Dictionary<(int Source, int? Destination), Story> stories = [];
        foreach (var sign in signs)
        {
            Add(stories, sign);
        }

        Settle(stories);
        foreach (var sign in SharedEnds(scene, stories))
        {
            Add(stories, sign);
        }

        Settle(stories);
        SumUp(scene, stories);
        var all = stories.Values.ToList();
        Lower(scene, all, knownGood);
        all.Sort(Order(scene.Flows.Hosts));
        return all;
    }

    /// <summary>Stories in the order of <see cref="Of"/>, low ones that are alike in one.</summary>
    public static List<Story> Lines(List<Story> stories)
    {
        List<Story> lines = [.. stories.Where(story => story.Confidence > Confidence.Low)];
        foreach (var alike in stories.Where(story => story.Confidence == Confidence.Low)
            .GroupBy(story => (story.Kind, story.FirstPort, story.KnownGood)))
        {
            var all = alike.ToList();
            if (all.Count < FewestAlike)
            {
                lines.AddRange(all);
                continue;
            }

            all[0].Alike = all[1..];
            lines.Add(all[0]);
        }

        return lines;
    }

    private static void Lower(HuntScene scene, List<Story> stories, KnownGood knownGood)
    {
        if (knownGood.Count == 0)
        {
            return;
        }

        foreach (var story in stories.Where(story => story.Confidence > Confidence.Low))
        {
            var ports = story.Signs.SelectMany(sign => sign.Ports).Distinct().ToList();
            if (knownGood.Find(scene.End(story.Source), story.Destination is { } far ? scene.End(far) : null, ports) is { } known)
            {
                story.Lower(known);
            }
        }
    }

    private static void Add(Dictionary<(int Source, int? Destination), Story> stories, Sign sign)
    {
        var key = sign.IsOfFarEnd ? (Anyone, sign.Destination) : (sign.Source, sign.Destination);
        if (!stories.TryGetValue(key, out var story))
        {
            stories[key] = story = new Story(sign.Source, sign.Destination);
        }

        story.Signs.Add(sign);
    }

    private static void Settle(Dictionary<(int Source, int? Destination), Story> stories)
    {
        foreach (var story in stories.Values)
        {
            story.Settle();
        }
    }

    // Whoever else sends to a far end that few use and a beacon calls belongs to the case.
    private static List<Sign> SharedEnds(HuntScene scene, Dictionary<(int Source, int? Destination), Story> stories)
    {
        var ends = stories
            .Where(story => story.Value is { Kind: HuntKind.Beacon, Confidence: > Confidence.Low } && story.Key.Source != Anyone
                && story.Key.Destination is { } far
                && !scene.IsInside(far) && scene.DevicesOf(far) is > 1 and <= HuntRules.Popular)
            .GroupBy(story => story.Key.Destination!.Value)
            .ToDictionary(end => end.Key, end => end.Select(story => story.Value).MinBy(story => scene.Flows.Hosts.Address(story.Source))!);
        if (ends.Count == 0)
        {
            return [];
        }

        Dictionary<(int Source, int Destination), (long Bytes, int Port, long Most)> others = [];
        foreach (var (destination, of) in ends)
        {
            foreach (var id in scene.Ends.To(destination))
            {
                ref readonly var channel = ref scene.Book.All[id];
                if (channel.GoesOut && of.Source != channel.Key.Source)
                {
                    var pair = (channel.Key.Source, destination);
                    var (bytes, port, most) = others.GetValueOrDefault(pair);
                    others[pair] = (new Sum(bytes) + channel.Bytes,
                        channel.Bytes > most || (channel.Bytes == most && channel.Key.Port < port) ? channel.Key.Port : port,
                        Math.Max(most, channel.Bytes));
                }
            }
        }

        return
        [
            .. others.Where(other => other.Value.Bytes >= HuntRules.SharedBytes).Select(other =>
            {
                var of = ends[other.Key.Destination];
                return new Sign(of.Kind, Confidence.Medium, other.Key.Source, other.Key.Destination)
                {
                    Ports = [other.Value.Port],
                    Figures = () => $"{HuntScene.Size(other.Value.Bytes)} (≥{HuntScene.Size(HuntRules.SharedBytes)}) with the far end "
                        + $"of {scene.Name(of.Source)}'s {of.Kind.Word()}",
                };
            }),
        ];
    }

    private static void SumUp(HuntScene scene, Dictionary<(int Source, int? Destination), Story> stories)
    {
        foreach (var ((source, far), story) in stories)
        {
            if (Counted(story) is { } most)
            {
                story.Sums = most;
                continue;
            }

            if (source == Anyone || far is not { } destination)
            {
                continue;
            }

            foreach (var id in scene.Ends.Between(source, destination))
            {
                ref readonly var channel = ref scene.Book.All[id];
                story.Sums = story.Sums.With(channel);
                if (story.Confidence > Confidence.Low)
                {
                    story.AddPort(channel.Key.Port, channel.Connections);
                }
            }
        }
    }

    private static Sums? Counted(Story story)
    {
        Sums? most = null;
        foreach (var sign in story.Signs)
        {
            most = sign.Sums is { } sums && (most is null || sums.Connections > most.Value.Connections) ? sums : most;
        }

        return most;
    }

    // Enumerations are compared as numbers: their CompareTo boxes both.
    private static Comparison<Story> Order(HostTable hosts) => (a, b) =>
    {
        var order = (int)b.Confidence - (int)a.Confidence;
        order = order != 0 ? order : b.Weight.CompareTo(a.Weight);
        order = order != 0 ? order : (int)a.Kind - (int)b.Kind;
        order = order != 0 ? order : b.Sums.Bytes.Value.CompareTo(a.Sums.Bytes.Value);
        order = order != 0 ? order : b.Sums.Connections.CompareTo(a.Sums.Connections);
        order = order != 0 ? order : hosts.Address(a.Source).CompareTo(hosts.Address(b.Source));
        order = order != 0 ? order : Address(a).CompareTo(Address(b));
        return order != 0 ? order : string.CompareOrdinal(Names(a), Names(b));

        // Where ends have no address.
        string Names(Story story) => hosts.Name(story.Source) + " " + (story.Destination is { } to ? hosts.Name(to) : "");
        NetAddress Address(Story story) => story.Destination is { } to ? hosts.Address(to) : NetAddress.None;
    };
}
