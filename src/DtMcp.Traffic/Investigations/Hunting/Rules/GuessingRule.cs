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
        List<Channel> tries = [];
        foreach (ref readonly var channel in scene.Book.All)
        {
            if (IsGuessing(scene, channel))
            {
                tries.Add(channel);
            }
        }

        var byDoor = tries.GroupBy(channel => (channel.Key.Destination, channel.Key.Port)).ToList();
        var crowded = byDoor.Where(door => door.Count() > HuntRules.ManySources).ToList();
        var doors = crowded.Select(door => door.Key).ToHashSet();
        var bySource = tries.Where(channel => !doors.Contains((channel.Key.Destination, channel.Key.Port)))
            .GroupBy(channel => channel.Key.Source);
        return crowded.Select(door => AtDoor(scene, [.. door])).Concat(bySource.Select(source => By(scene, [.. source])));
    }

    private static bool IsGuessing(HuntScene scene, in Channel channel)
    {
        var port = channel.Key.Port;
        if (!HuntPorts.AsksPassword(port) || !scene.IsTcp(channel) || channel.Refused > channel.Connections / 2
            || channel.Bytes / channel.Connections > HuntRules.GuessBytes || channel.Bytes == 0
            || (HuntPorts.ProgramsLogIn(port) && channel.Way != Way.In))
        {
            return false;
        }

        var (fewest, anHour) = channel.Way switch
        {
            Way.In => (HuntRules.GuessesIn, HuntRules.GuessesAnHourIn),
            Way.Inside => (HuntRules.GuessesInside, HuntRules.GuessesAnHour),
            _ => (HuntRules.GuessesOut, HuntRules.GuessesAnHour),
        };
        return channel.Connections >= fewest && channel.Connections >= anHour * Math.Max(1, channel.FilledHours);
    }

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
