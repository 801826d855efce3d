using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries.Channels;
using static DtMcp.Traffic.Investigations.Hunting.Signs.HuntScene;

namespace DtMcp.Traffic.Investigations.Hunting.Rules;

/// <summary>
/// A program at work without a period: polling without a pause, one size whatever the gaps, a resolver of one's own, calls that nobody
/// takes.
/// </summary>
internal static class ProgramRule
{
    public static IEnumerable<Sign> Find(HuntScene scene, ChannelStarts all)
    {
        List<Sign> found = [];
        for (var i = 0; i < all.Count; i++)
        {
            var id = all.Of(i, out var starts, out var bytes);
            ref readonly var channel = ref scene.Book.All[id];
            if (channel.Way == Way.In)
            {
                if (starts.Length >= HuntRules.WebGuesses && !scene.IsIcmp(channel) && !HuntPorts.BeatsByDesign(channel.Key.Port)
                    && Hammered(channel, Sizes.Of(bytes)) is { } hammering)
                {
                    found.Add(hammering);
                }
            }
            else if (channel.GoesOut && starts.Length >= HuntRules.OneSizeConnections && !scene.IsIcmp(channel) && channel.Bytes > 0)
            {
                var sizes = Sizes.Of(bytes);
                if ((HuntPorts.BeatsByDesign(channel.Key.Port) ? Resolver(scene, channel, sizes)
                    : Polled(scene, channel, starts, sizes) ?? OneSize(scene, channel, sizes)) is { } sign)
                {
                    found.Add(sign);
                }
            }
        }

        Refused(scene, found);
        return found;
    }

    private static Sign? Polled(HuntScene scene, in Channel channel, ReadOnlySpan<long> starts, in Sizes sizes)
    {
        var span = starts[^1] - starts[0];
        if (span < HuntRules.PolledSpanMs || sizes.Spread > HuntRules.SizeSpreadSteady)
        {
            return null;
        }

        var (filled, last) = (0, -1L);
        foreach (var start in starts)
        {
            var slot = (start - starts[0]) / HuntRules.PolledSlotMs;
            (filled, last) = slot == last ? (filled, last) : (filled + 1, slot);
        }

        if (filled < HuntRules.PolledFilled * (span / HuntRules.PolledSlotMs + 1))
        {
            return null;
        }

        var (count, spread) = (starts.Length, sizes.Spread);
        return Of(scene, channel, spread == 0 ? Confidence.High : Confidence.Medium,
            () => Text($"polled without a pause: {count} connections (≥{HuntRules.PolledConnections}) in {Span(span)}, ")
                + Text($"sizes ±{spread:P0}"));
    }

    private static Sign? OneSize(HuntScene scene, in Channel channel, Sizes sizes)
    {
        var (count, hours) = (channel.Connections, channel.FilledHours);
        return sizes.Share < HuntRules.OneSizeShare || sizes.Commonest == 0 || hours < HuntRules.OneSizeHours ? null
            : Of(scene, channel, Confidence.Medium,
                () => Text($"{sizes.Share:P0} (≥{HuntRules.OneSizeShare:P0}) of {count} connections of {sizes.Commonest} bytes ")
                    + Text($"in {hours} hours"));
    }

    // One host outside that comes to one port over and over: unanswered, or with requests that are all alike.
    private static Sign? Hammered(Channel channel, Sizes sizes)
    {
        var refused = channel.Refused / (double)channel.Connections;
        var isLogin = HuntPorts.IsWeb(channel.Key.Port) && channel.Bytes > 0 && sizes.Spread <= HuntRules.WebGuessSize
            && channel.Connections >= HuntRules.WebGuessesAnHour * channel.FilledHours;
        var isHammering = channel.Connections >= HuntRules.Hammered && Math.Max(refused, sizes.Share) >= HuntRules.HammeredShare;
        return !isLogin && !isHammering ? null
            : new Sign(HuntKind.Guessing, Confidence.Medium, channel.Key.Source, channel.Key.Destination)
            {
                Ports = [channel.Key.Port],
                Figures = () => Text($"came {channel.Connections} times (≥{HuntRules.WebGuesses}) to one port ")
                    + Text($"in {channel.FilledHours} hours, ")
                    + Text($"{refused:P0} refused or unanswered, {sizes.Share:P0} of {sizes.Commonest} bytes, sizes ±{sizes.Spread:P0}"),
            };
    }

    private static Sign? Resolver(HuntScene scene, in Channel channel, Sizes sizes)
    {
        var count = channel.Connections;
        if (!HuntPorts.IsResolver(channel.Key.Port) || count < HuntRules.ResolverConnections)
        {
            return null;
        }

        if (sizes.Share >= HuntRules.OneSizeShare && sizes.Commonest > 0)
        {
            // Whoever runs a public resolver does not see who asks through it for an intruder; how often does tell.
            var (isPublic, every) = (PublicResolvers.Has(scene.Flows.Hosts.Address(channel.Key.Destination)),
                (channel.Last - channel.First) / (double)count);
            var level = !isPublic ? Confidence.High : every <= HuntRules.ResolverCheckMs ? Confidence.Medium : Confidence.Low;
            return Of(scene, channel, level,
                () => Text($"{(isPublic ? "a public" : "own")} resolver: {sizes.Share:P0} (≥{HuntRules.OneSizeShare:P0}) of {count} ")
                    + Text($"questions of {sizes.Commonest} bytes{(isPublic ? $", every {Span(every)}" : "")}")
                    + (isPublic ? Text($" (≤{Span(HuntRules.ResolverCheckMs)})") : ""));
        }

        var mean = channel.BytesOut / count;
        return scene.KnowsBytesOut && mean >= HuntRules.ResolverQuestionBytes
            ? Of(scene, channel, Confidence.Medium,
                () => Text($"own resolver: {count} questions of {mean} bytes on average (≥{HuntRules.ResolverQuestionBytes})"))
            : null;
    }

    private static void Refused(HuntScene scene, List<Sign> found)
    {
        Dictionary<(int Destination, ushort Port), int> callers = [];
        List<Channel> calls = [];
        foreach (var id in scene.Short.Refused)
        {
            ref readonly var channel = ref scene.Book.All[id];
            if (channel.Refused >= HuntRules.RefusedShare * channel.Connections
                && channel.Way != Way.In && channel.Last - channel.First > HuntRules.Minute && scene.IsTcp(channel)
                && !HuntPorts.IsFileSharing(channel.Key.Port) && !HuntPorts.IsPlugAndPlay(channel.Key.Port))
            {
                calls.Add(channel);
                var host = (channel.Key.Destination, channel.Key.Port);
                callers[host] = callers.GetValueOrDefault(host) + 1;
            }
        }

        foreach (var channel in calls)
        {
            var devices = callers[(channel.Key.Destination, channel.Key.Port)];
            var level = scene.ByNumber(Confidence.Medium, devices);
            found.Add(new Sign(HuntKind.Beacon, level, channel.Key.Source, channel.Key.Destination)
            {
                Ports = [channel.Key.Port],
                Figures = () => Text($"{channel.Refused} (≥{HuntRules.RefusedConnections}) of {channel.Connections} calls refused or ")
                    + Text($"unanswered over {Span(channel.Last - channel.First)}{(devices > 1 ? $", by {devices} devices" : "")}"),
            });
        }
    }

    private static Sign Of(HuntScene scene, in Channel channel, Confidence confidence, Func<string> figures) =>
        new(HuntKind.Beacon, scene.Popular(confidence, channel.Key.Destination), channel.Key.Source, channel.Key.Destination)
        {
            Ports = [channel.Key.Port],
            Figures = figures,
        };
}
