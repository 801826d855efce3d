using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries.Channels;
using static DtMcp.Traffic.Investigations.Hunting.Signs.HuntScene;

namespace DtMcp.Traffic.Investigations.Hunting.Rules;

/// <summary>
/// Many short log-ins in little time: at a port that asks for a password, or at a web server by one size and pace. One guesser with those
/// whom it tried is a story; many guessers at one port are that port's.
/// </summary>
internal static class GuessingRule
{
    public static IEnumerable<Sign> Find(HuntScene scene)
    {
        List<Channel> tries = [], slow = [];
        foreach (var id in scene.Short.Repeated)
        {
            ref readonly var channel = ref scene.Book.All[id];
            if (IsTrying(scene, channel))
            {
                (IsFast(channel) ? tries : slow).Add(channel);
            }
        }

        // Many that come to one port over and over need no pace: each of them is slow so that nobody sees.
        var crowded = tries.Concat(slow.Where(channel => channel.Way == Way.In && HuntPorts.IsAdmin(channel.Key.Port)))
            .GroupBy(channel => (channel.Key.Destination, channel.Key.Port))
            .Where(door => door.Count() > HuntRules.ManySources).ToList();
        var doors = crowded.Select(door => door.Key).ToHashSet();
        var bySource = tries.Where(channel => !doors.Contains((channel.Key.Destination, channel.Key.Port)))
            .GroupBy(channel => channel.Key.Source);
        return crowded.Select(door => AtDoor(scene, [.. door])).Concat(bySource.Select(source => By(scene, [.. source])));
    }

    private static bool IsTrying(HuntScene scene, in Channel channel)
    {
        var port = channel.Key.Port;
        return channel.Connections >= Fewest(channel).Tries && HuntPorts.AsksPassword(port) && scene.IsTcp(channel)
            && channel.Refused <= channel.Connections / 2
            && channel.Bytes > 0 && channel.Bytes / channel.Connections <= HuntRules.GuessBytes
            && (channel.Way == Way.In || (!HuntPorts.ProgramsLogIn(port)
                && scene.Before?.Administered(scene.Flows.Hosts, channel.Key) != true));
    }

    private static bool IsFast(in Channel channel) =>
        channel.Connections >= Fewest(channel).AnHour * Math.Max(1, channel.FilledHours);

    private static (int Tries, int AnHour) Fewest(in Channel channel) => channel.Way switch
    {
        Way.In => (HuntRules.GuessesIn, HuntRules.GuessesAnHourIn),
        Way.Inside when HuntPorts.IsFileSharing(channel.Key.Port) => (HuntRules.GuessesSharing, HuntRules.GuessesAnHour),
        Way.Inside => (HuntRules.GuessesInside, HuntRules.GuessesAnHour),
        _ => (HuntRules.GuessesOut, HuntRules.GuessesAnHour),
    };

    private static Sign AtDoor(HuntScene scene, List<Channel> tries)
    {
        var busiest = Busiest(scene, tries);
        var (connections, answered) = Counted(tries);
        var confidence = connections >= HuntRules.GuessesHigh && busiest.Way != Way.In ? Confidence.High : Confidence.Medium;
        return new Sign(HuntKind.Guessing, confidence, busiest.Key.Source, busiest.Key.Destination)
        {
            Ports = [busiest.Key.Port],
            Sums = Added(tries),
            IsOfFarEnd = true,
            Figures = () => Text($"{connections} tries at port {busiest.Key.Port} by {tries.Count} hosts, {answered} with data both ways, ")
                + Text($"{Size(Added(tries).Bytes / connections)} each (≤{Size(HuntRules.GuessBytes)})"),
        };
    }

    private static Sign By(HuntScene scene, List<Channel> tries)
    {
        var busiest = Busiest(scene, tries);
        var (connections, answered) = Counted(tries);
        var confidence = busiest.Way == Way.Inside && connections >= HuntRules.GuessesHigh ? Confidence.High : Confidence.Medium;
        var hosts = tries.DistinctBy(channel => channel.Key.Destination).Count();
        return new Sign(HuntKind.Guessing, confidence, busiest.Key.Source, hosts > HuntRules.ManySources ? null : busiest.Key.Destination)
        {
            Ports = [.. tries.OrderByDescending(channel => channel.Connections).ThenBy(channel => channel.Key.Port)
                .Select(channel => (int)channel.Key.Port).Distinct()],
            Sums = Added(tries),
            Figures = () => Text($"{connections} tries (≥{HuntRules.GuessesIn}) at {hosts} hosts, {answered} with data both ways, ")
                + Text($"{Size(Added(tries).Bytes / connections)} each (≤{Size(HuntRules.GuessBytes)})"),
        };
    }

    private static Channel Busiest(HuntScene scene, List<Channel> tries) => tries
        .OrderByDescending(channel => channel.Connections)
        .ThenBy(channel => scene.Flows.Hosts.Address(channel.Key.Source))
        .ThenBy(channel => scene.Flows.Hosts.Address(channel.Key.Destination))
        .ThenBy(channel => channel.Key.Port).First();

    private static Sums Added(List<Channel> tries) => tries.Aggregate(Sums.None, (sums, channel) => sums.With(channel));

    private static (long Connections, long Answered) Counted(List<Channel> tries) =>
        (tries.Sum(channel => (long)channel.Connections), tries.Sum(channel => (long)channel.TwoWay));
}
