using static DtMcp.Traffic.Condensing.Hunting.HuntScene;

namespace DtMcp.Traffic.Condensing.Hunting;

/// <summary>Administration, databases and file sharing that go outside. Attempts that were never answered stay low.</summary>
internal static class AdminPortRule
{
    public const string Kind = "admin_ports";

    public static IEnumerable<Finding> Find(HuntScene scene)
    {
        List<Finding> found = [];
        foreach (ref readonly var channel in scene.Book.Channels)
        {
            if (!channel.GoesOut || !HuntRules.IsAdminPort(channel.Key.Port))
            {
                continue;
            }

            var seen = channel;
            var answered = channel.Answered;
            var confidence = answered == 0 || channel.Bytes == 0 ? Confidence.Low : HuntRules.NeverLeaves(channel.Key.Port) ? Confidence.High : Confidence.Medium;
            found.Add(new Finding(Kind, scene.Popular(confidence, channel.Key.Destination), channel.Key.Source)
            {
                Destination = channel.Key.Destination,
                Port = channel.Key.Port,
                First = channel.First,
                Last = channel.Last,
                Connections = channel.Connections,
                BytesOut = scene.KnowsBytesOut ? channel.BytesOut : null,
                BytesIn = scene.KnowsBytesOut ? channel.BytesIn : null,
                Figures =
                    () => Text($"{answered} of {seen.Connections} answered, the longest {Span(Math.Max(0, seen.LongestMs))}, {seen.Bytes} bytes")
                    + $"; {scene.About(seen.Key)}",
                RuleOut = "A hosted server that this user administers, a code host over SSH, a partner's network.",
            });
        }

        return found;
    }
}
