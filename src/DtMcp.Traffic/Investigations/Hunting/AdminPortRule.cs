using static DtMcp.Traffic.Investigations.Hunting.HuntContext;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>Administration, databases and file sharing that go outside. Attempts that were never answered stay low.</summary>
internal static class AdminPortRule
{
    public const HuntKind Kind = HuntKind.AdminPorts;

    public static IEnumerable<Finding> Find(HuntContext context)
    {
        List<Finding> found = [];
        foreach (ref readonly var pair in context.Pairs.All)
        {
            if (!pair.GoesOut || !HuntRules.IsAdminPort(pair.Key.Port))
            {
                continue;
            }

            var seen = pair;
            var answered = pair.Answered;
            var confidence = answered == 0 || pair.Bytes == 0
                ? Confidence.Low
                : HuntRules.NeverLeaves(pair.Key.Port)
                ? Confidence.High
                : Confidence.Medium;
            found.Add(new Finding(Kind, context.Popular(confidence, pair.Key.Destination), pair.Key.Source)
            {
                Destination = pair.Key.Destination,
                Port = pair.Key.Port,
                First = pair.First,
                Last = pair.Last,
                Connections = pair.Connections,
                BytesOut = context.KnowsBytesOut ? pair.BytesOut : null,
                BytesIn = context.KnowsBytesOut ? pair.BytesIn : null,
                Figures =
                    () => Text(
                        $"{answered} of {seen.Connections} answered, the longest {Span(Math.Max(0, seen.LongestMs))}, {seen.Bytes} bytes")
                    + $"; {context.About(seen.Key)}",
                RuleOut = "A hosted server that this user administers, a code host over SSH, a partner's network.",
            });
        }

        return found;
    }
}
