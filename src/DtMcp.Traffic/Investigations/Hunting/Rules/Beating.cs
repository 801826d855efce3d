using DtMcp.Traffic.Investigations.Hunting.Signs;
using static DtMcp.Traffic.Investigations.Hunting.Signs.HuntScene;

namespace DtMcp.Traffic.Investigations.Hunting.Rules;

/// <summary>
/// Which of the calls that go out are a service's: many devices that call alike (the same port, period and size, or the same host by a
/// timer), or one device that calls many addresses alike.
/// </summary>
internal static class Beating
{
    /// <summary>Enough to know that something is very popular; more only cost time.</summary>
    private const int MostCompared = 256;

    /// <summary>An intruder at work polls faster than this; updates and telemetry are slower.</summary>
    private const double SlowMs = 5 * HuntRules.Minute;

    public static void Judge(HuntScene scene, List<Call> calls)
    {
        var hosts = scene.Flows.Hosts;
        var outside = calls.Where(call => call.Channel.GoesOut).ToList();
        outside.Sort((a, b) =>
        {
            var order = a.Channel.Key.Port.CompareTo(b.Channel.Key.Port);
            order = order != 0 ? order : a.Rhythm.PeriodMs.CompareTo(b.Rhythm.PeriodMs);
            order = order != 0 ? order : hosts.Address(a.Channel.Key.Source).CompareTo(hosts.Address(b.Channel.Key.Source));
            return order != 0 ? order : hosts.Address(a.Channel.Key.Destination).CompareTo(hosts.Address(b.Channel.Key.Destination));
        });
        var timed = outside.CountBy(call => (call.Channel.Key.Destination, call.Channel.Key.Port)).ToDictionary();
        var levels = new (Confidence Level, string Why)[outside.Count];
        for (var i = 0; i < outside.Count; i++)
        {
            levels[i] = Judged(scene, outside, i, timed[(outside[i].Channel.Key.Destination, outside[i].Channel.Key.Port)]);
        }

        for (var i = 0; i < outside.Count; i++)
        {
            (outside[i].Confidence, outside[i].Why) = levels[i];
        }
    }

    private static (Confidence Level, string Why) Judged(HuntScene scene, List<Call> sorted, int at, int onSameHost)
    {
        var call = sorted[at];
        if (call.Confidence == Confidence.Low)
        {
            return (Confidence.Low, "");
        }

        var (devices, addresses) = Alike(sorted, at);
        var together = Math.Max(devices, onSameHost);
        var level = scene.ByNumber(call.Confidence, together);
        if (level < call.Confidence)
        {
            return (level, Text($", {together} devices call alike"));
        }

        if (addresses >= HuntRules.ServiceHosts)
        {
            level = call.Rhythm.PeriodMs >= SlowMs ? Confidence.Low : call.Confidence - 1;
            return (level, Text($", alike to {addresses} addresses"));
        }

        var users = scene.DevicesOf(call.Channel.Key.Destination);
        return scene.ByNumber(call.Confidence, users) < call.Confidence
            ? (call.Confidence - 1, Text($", the only one of {users} devices there with a timer"))
            : (call.Confidence, "");
    }

    private static (int Devices, int Addresses) Alike(List<Call> sorted, int at)
    {
        var call = sorted[at];
        HashSet<int> devices = [call.Channel.Key.Source], addresses = [call.Channel.Key.Destination];
        foreach (var step in new[] { -1, 1 })
        {
            var compared = 0;
            for (var i = at + step; i >= 0 && i < sorted.Count && compared < MostCompared; i += step, compared++)
            {
                var other = sorted[i];
                if (other.Channel.Key.Port != call.Channel.Key.Port
                    || Math.Abs(other.Rhythm.PeriodMs - call.Rhythm.PeriodMs) > HuntRules.SamePeriod * call.Rhythm.PeriodMs)
                {
                    break;
                }

                if (Math.Abs(other.Sizes.Median - call.Sizes.Median) <= HuntRules.SameSize * call.Sizes.Median)
                {
                    devices.Add(other.Channel.Key.Source);
                    if (other.Channel.Key.Source == call.Channel.Key.Source)
                    {
                        addresses.Add(other.Channel.Key.Destination);
                    }
                }
            }
        }

        return (devices.Count, addresses.Count);
    }
}
