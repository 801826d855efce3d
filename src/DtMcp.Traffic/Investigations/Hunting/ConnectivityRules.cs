using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries.Channels;
using DtMcp.Traffic.Questions.Conditions;
using static DtMcp.Traffic.Investigations.Hunting.Signs.HuntScene;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>What the tables hint at: of one device, and of one host outside where it is one.</summary>
internal sealed record Hint(HuntKind Kind, Confidence Confidence, long Did, string? Far, long? Bytes, string Figures)
{
    /// <summary>Why people know it to be harmless, where they do.</summary>
    public KnownGoodEntry? KnownGood { get; init; }
}

/// <summary>The rules over the guide's tables. Their thresholds are those of the rules over rows, where they mean the same.</summary>
internal static class ConnectivityRules
{
    public static IEnumerable<Hint> Find(ConnectivityScene now, ConnectivityScene before) =>
        now.Focus is { } focus
            ? [.. PeerUploads(now, before, focus), .. AdminPorts(now, before, focus), .. New(now, before)]
            : [.. Uploads(now, before), .. Scans(now, before), .. New(now, before)];

    // A device that sends much more than it receives, while a host outside that few use took about as much.
    private static IEnumerable<Hint> Uploads(ConnectivityScene now, ConnectivityScene before)
    {
        foreach (var (did, device) in now.Devices)
        {
            if (device.InOut is not { Out: { } sent, In: { } received } || sent < HuntRules.UploadMediumUnknown
                || sent / ChannelQuery.UploadRatio < received || !now.OutsideOf.TryGetValue(did, out var hosts))
            {
                continue;
            }

            var far = hosts.Where(host => now.BytesOf.GetValueOrDefault(host) >= sent / 2)
                .OrderByDescending(host => now.BytesOf[host]).ThenBy(host => host, StringComparer.Ordinal).FirstOrDefault();
            if (far is not null)
            {
                var usual = before.Devices.GetValueOrDefault(did)?.InOut?.Out;
                yield return new Hint(HuntKind.Upload, Level(sent, usual, now.DevicesOf[far].Count), did, far, now.BytesOf[far],
                    Text($"sent {Size(sent)} (≥{Size(HuntRules.UploadMediumUnknown)}), {(double)sent / Math.Max(1, received):0.#} times ")
                    + Text($"what came; {Size(now.BytesOf[far])} passed with this host{Before(usual)}"));
            }
        }
    }

    // Of one device it is told what went to each host outside.
    private static IEnumerable<Hint> PeerUploads(ConnectivityScene now, ConnectivityScene before, long focus)
    {
        var most = before.Peers.Select(peer => peer.Bytes?.Out ?? 0).DefaultIfEmpty().Max();
        foreach (var peer in now.Peers)
        {
            if (peer.Bytes is { Out: { } sent } bytes && sent >= HuntRules.UploadMedium
                && sent / ChannelQuery.UploadRatio >= (bytes.In ?? 0))
            {
                long? usual = before.Devices.Count == 0 ? null : most;
                yield return new Hint(HuntKind.Upload, Level(sent, usual, 1), focus, peer.Ip ?? peer.Hostname, bytes.Total,
                    Text($"sent {Size(sent)} (≥{Size(HuntRules.UploadMedium)}), {Size(bytes.In ?? 0)} came back{Before(usual)}"));
            }
        }
    }

    private static IEnumerable<Hint> AdminPorts(ConnectivityScene now, ConnectivityScene before, long focus) =>
        now.OutsidePorts.Where(port => HuntPorts.NeverLeaves(port.Port) && port.Bytes is { In: > 0, Out: > 0 }).Select(port => new Hint(
            HuntKind.AdminPorts,
            before.OutsidePorts.Any(known => known.Port == port.Port && known.Bytes.Total > 0) ? Confidence.Low : Confidence.Medium,
            focus, null, port.Bytes.Total,
            Text($"{Size(port.Bytes.Total)} with port {port.Port} of hosts outside, both ways")));

    private static IEnumerable<Hint> Scans(ConnectivityScene now, ConnectivityScene before)
    {
        foreach (var (did, inside) in now.InsideOf)
        {
            var usual = before.InsideOf.GetValueOrDefault(did)?.Count ?? 0;
            if (inside.Count < HuntRules.ScanHosts || inside.Count < (usual * 2) + HuntRules.ScanPorts)
            {
                continue;
            }

            var isMany = inside.Count >= HuntRules.ScanHosts * HuntRules.ScanWebTimes && before.Devices.ContainsKey(did);
            yield return new Hint(HuntKind.Scan, isMany ? Confidence.Medium : Confidence.Low, did, null, null,
                Text($"began connections to {inside.Count} devices inside (≥{HuntRules.ScanHosts}), before to {usual}"));
        }
    }

    // What nobody was connected with before: told by itself where much passed with one device, else counted.
    private static IEnumerable<Hint> New(ConnectivityScene now, ConnectivityScene before)
    {
        if (before.Devices.Count == 0)
        {
            yield break;
        }

        foreach (var (did, hosts) in now.OutsideOf)
        {
            var fresh = hosts.Where(host => !before.DevicesOf.ContainsKey(host)).ToList();
            var much = fresh.Where(host => now.BytesOf.GetValueOrDefault(host) >= HuntRules.NewBytesOut && now.DevicesOf[host].Count == 1)
                .OrderByDescending(host => now.BytesOf[host]).ThenBy(host => host, StringComparer.Ordinal).ToList();
            if (fresh.Count > 0)
            {
                var most = much.Count > 0 ? much[0]
                    : fresh.OrderByDescending(host => now.BytesOf.GetValueOrDefault(host))
                        .ThenBy(host => host, StringComparer.Ordinal).First();
                yield return new Hint(HuntKind.NewDestinations, Confidence.Low, did, most, now.BytesOf.GetValueOrDefault(most),
                    Text($"{fresh.Count} hosts that nobody was connected with before, {much.Count} of them with ")
                    + Text($"{Size(HuntRules.NewBytesOut)} and more of this device alone"));
            }
        }
    }

    private static Confidence Level(long sent, long? usual, int devices)
    {
        var isUnusual = usual is not { } known || sent / HuntRules.UploadTimesUsual >= known;
        var level = !isUnusual || devices > HuntRules.VeryPopular ? Confidence.Low
            : sent >= HuntRules.UploadHigh && usual is not null ? Confidence.High
            : Confidence.Medium;
        return devices > HuntRules.Popular && level > Confidence.Low ? level - 1 : level;
    }

    private static string Before(long? usual) => usual is { } known ? Text($"; before at most {Size(known)}") : "";
}
