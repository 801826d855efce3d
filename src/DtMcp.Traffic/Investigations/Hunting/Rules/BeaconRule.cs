using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries.Channels;
using static DtMcp.Traffic.Investigations.Hunting.Signs.HuntScene;

namespace DtMcp.Traffic.Investigations.Hunting.Rules;

/// <summary>
/// Calls with a period, whichever way they go. What many devices do alike, or one device to many addresses, is a service; a host that many
/// use but one device calls by a timer is one step less sure, as an intruder may hide behind it.
/// </summary>
internal static class BeaconRule
{
    public static IEnumerable<Sign> Find(HuntScene scene, ChannelStarts all)
    {
        var calls = Calls(scene, all);
        Beating.Judge(scene, calls);
        foreach (var call in calls.Where(call => call.Confidence > Confidence.Low))
        {
            all.Of(call.At, out var starts, out _);
            call.Rhythm = call.Rhythm.Refined(starts);
        }

        return calls.Select(call => Of(scene, call));
    }

    private static List<Call> Calls(HuntScene scene, ChannelStarts all)
    {
        List<Call> calls = [];
        Dictionary<(int Source, ushort Port), int> polled = [];
        for (var i = 0; i < all.Count; i++)
        {
            var id = all.Of(i, out var starts, out var bytes);
            ref readonly var channel = ref scene.Book.All[id];
            if (scene.IsIcmp(channel) || scene.IsGroup(channel.Key.Destination)
                || (channel.Way == Way.Inside && HuntPorts.IsInfrastructure(channel.Key.Port))
                || Rhythm.Of(starts, HuntRules.BeatsLow) is not { IsLow: true } rhythm)
            {
                continue;
            }

            calls.Add(new Call(i, channel, rhythm, Sizes.Of(bytes)));
            if (channel.Way == Way.Inside)
            {
                var poller = (channel.Key.Source, channel.Key.Port);
                polled[poller] = polled.GetValueOrDefault(poller) + 1;
            }
        }

        foreach (var call in calls)
        {
            call.Confidence = Level(scene, call);
        }

        calls.RemoveAll(call => call.Confidence < Confidence.Medium && call.Channel.Way != Way.Out);
        calls.RemoveAll(call => call.Channel.Way == Way.Inside
            && polled[(call.Channel.Key.Source, call.Channel.Key.Port)] >= HuntRules.PolledHosts);
        return calls;
    }

    private static Confidence Level(HuntScene scene, Call call)
    {
        var (channel, rhythm, sizes) = (call.Channel, call.Rhythm, call.Sizes);
        var refusedToo = channel.Way == Way.In && channel.Refused == channel.Connections;
        if (HuntPorts.BeatsByDesign(channel.Key.Port) || (channel.Bytes == 0 && !refusedToo))
        {
            return Confidence.Low;
        }

        var isSteady = sizes.Spread <= HuntRules.SizeSpreadHigh;
        var isEven = rhythm.Jitter <= HuntRules.JitterMedium && rhythm.Regular >= HuntRules.RegularMedium
            && Math.Abs(rhythm.Skew) <= HuntRules.SkewMedium && (isSteady || rhythm.PeriodMs >= HuntRules.FastMs);
        var level = rhythm.Beats >= HuntRules.BeatsHigh && isEven && isSteady && rhythm.Jitter <= HuntRules.JitterHigh ? Confidence.High
            : rhythm.Beats >= HuntRules.BeatsHigh && isEven ? Confidence.Medium
            : rhythm.Beats >= HuntRules.BeatsMedium && isEven && rhythm.Jitter <= HuntRules.JitterFew
                && sizes.Spread <= HuntRules.SizeSpreadFew ? Confidence.Medium
            : rhythm.Beats >= HuntRules.BeatsHigh && sizes.Spread <= HuntRules.SizeSpreadSteady ? Confidence.Medium
            : Confidence.Low;
        return channel.Way switch
        {
            Way.Out => level,
            Way.In => level == Confidence.High && (!refusedToo || rhythm.Beats >= HuntRules.RefusedConnections)
                ? Confidence.Medium : Confidence.Low,
            _ => level == Confidence.High && channel.TwoWay > 0
                && (scene.Before?.Called(scene.Flows.Hosts, channel.Key).Connections is not { } before
                    || before < HuntRules.InsideUsual * channel.Connections)
                && scene.ClientsOf(channel.Key.Destination, channel.Key.Port) <= HuntRules.InsideClients
                ? Confidence.Medium : Confidence.Low,
        };
    }

    private static Sign Of(HuntScene scene, Call call)
    {
        var (rhythm, sizes, key) = (call.Rhythm, call.Sizes, call.Channel.Key);
        return new Sign(HuntKind.Beacon, call.Confidence, key.Source, key.Destination)
        {
            Ports = [key.Port],
            Figures = () => Text($"every {Span(rhythm.PeriodMs)}, {rhythm.Beats} beats over {Span(rhythm.SpanMs)}, jitter ")
                + Text($"{rhythm.Jitter:P0} (≤{HuntRules.JitterMedium:P0}), {rhythm.Regular:P0} regular, ")
                + Text($"sizes ±{sizes.Spread:P0}{call.Why}"),
        };
    }
}

/// <summary>One channel that calls with a period.</summary>
internal sealed class Call(int at, in Channel channel, Rhythm rhythm, Sizes sizes)
{
    /// <summary>Where its starts are.</summary>
    public int At { get; } = at;

    public Channel Channel { get; } = channel;

    public Rhythm Rhythm { get; set; } = rhythm;

    public Sizes Sizes { get; } = sizes;

    public Confidence Confidence { get; set; }

    /// <summary>Why it was lowered, to end its figures.</summary>
    public string Why { get; set; } = "";
}
