using System.Globalization;
using DtMcp.Simulator.Scenarios;

namespace DtMcp.Investigations;

/// <summary>The cases of a scene: each kind of question once, with the answer scanned from the ledger.</summary>
internal static class Cases
{
    public static IEnumerable<Case> Of(Scene scene)
    {
        var ledger = scene.Ledger;
        var (rows, device) = (ledger.Rows, ledger.BusiestDevice);
        var popular = ledger.PopularHost;
        var own = rows.Where(row => row.Has(device)).ToList();

        yield return new("upload", "Which host outside takes most bytes, and how many?", Top(
            rows.Where(row => row.IsOutbound).GroupBy(row => row.Destination), group => group.Sum(row => row.Bytes)),
            ["summarize_external_traffic last=24h"]);
        yield return new("bandwidth", "Which device moves most bytes?", Top(
            rows.SelectMany(row => Ends(ledger, row).Select(end => (end, row))).GroupBy(pair => pair.end, pair => pair.row),
            group => group.Sum(row => row.Bytes)), ["analyze_bandwidth last=24h"]);
        yield return new("hours", $"In which hour does {device} move most bytes?", Top(
            own.GroupBy(row => Hour(row.StartMs)), group => group.Sum(row => row.Bytes)),
            [$"aggregate_traffic by=hour measure=bytes ip={device} limit=24"]);
        yield return new("ports", "Which destination port is used most?", Top(
            rows.Where(row => row.Port != 0).GroupBy(row => Text(row.Port)), group => group.Count()),
            ["summarize_network_traffic last=24h"]);
        var udp = rows.Where(row => row.Protocol == "udp").ToList();
        yield return new("protocols", "How many connections and bytes are UDP?", new(
            ["udp"], [Text(udp.Count), Text(udp.Sum(row => row.Bytes))]),
            ["analyze_protocols_and_ports last=24h"]);
        var reached = own.Where(row => row.Source == device && row.IsOutbound).Select(row => row.Destination).Distinct().Count();
        yield return new("device", $"How many hosts outside did {device} begin connections to?",
            new([], [$"external_destinations {Text(reached)}"]),
            [$"analyze_device_activity ip={device}"]);
        var talkers = rows.Where(row => row.Has(popular)).GroupBy(row => row.Peer(popular))
            .OrderByDescending(group => group.Count()).ToList();
        yield return new("who else", $"Who talks to {popular}, and since when?", new(
            [talkers[0].Key], [Text(talkers[0].Count()), Second(talkers[0].Min(row => row.StartMs))]),
            [$"describe_endpoint ip={popular} limit=50"]);
        yield return new("devices of a host", $"How many devices talk to {popular}?",
            new([], [$"devices_in_window {Text(talkers.Count)}"]), [$"describe_endpoint ip={popular}"]);
        yield return new("failed", $"How many connections of {device} failed?", new(
            [], [$"connections {Text(own.Count(row => row.IsFailed))}"]), [$"aggregate_traffic by=peer ip={device} state=failed"]);
        yield return new("pair", $"How much went between {device} and {own.First(row => row.IsOutbound).Peer(device)}?",
            Between(own, device, own.First(row => row.IsOutbound).Peer(device)),
            [$"get_network_traffic ip={device} peer={own.First(row => row.IsOutbound).Peer(device)}"]);
        yield return new("longest row", "Which single connection is the largest?", Largest(rows), ["get_network_traffic sort=bytes"]);
        yield return new("sent", "Which device sent most in all?", Top(
            rows.SelectMany(row => Ends(ledger, row).Select(end => (end, row))).GroupBy(pair => pair.end, pair => pair.row),
            group => group.Sum(row => row.Out(group.Key))), ["aggregate_traffic by=device measure=bytes_out"]);
        yield return new("peers", "Which device has most peers?", Top(
            rows.SelectMany(row => Ends(ledger, row).Select(end => (end, row))).GroupBy(pair => pair.end, pair => pair.row),
            group => group.Select(row => row.Peer(group.Key)).Distinct().Count()), ["aggregate_traffic by=device measure=peers"]);
        yield return new("large", "How many connections are of 10 MB or more?", new(
            [], [$"connections {Text(rows.Count(row => row.Bytes >= 10_000_000))}"]), ["get_network_traffic min_bytes=10000000"]);
        yield return new("inside", "How many connections stay inside?", new(
            [], [$"connections {Text(rows.Count(row => !row.IsExternal))}"]), ["summarize_network_traffic intext=internal"]);
        yield return new("first", $"Which host outside did {device} reach first, and when?", First(own, device),
            [$"aggregate_traffic by=peer measure=first ip={device} limit=50 sort=ascending direction=outbound"]);
        foreach (var one in scene.IsMadeUp ? Office(scene) : Recorded(scene, device))
        {
            yield return one;
        }
    }

    private static IEnumerable<Case> Office(Scene scene)
    {
        var planted = OfficeScenario.Plant(Seed(scene), scene.Now, 2, 0).Planted;
        var (beacon, upload, stranger) = (planted.Beacon, planted.Upload, planted.NewDevice);
        yield return new("beacon", "Does anything call home regularly?", new([beacon.Device.ToString(), beacon.Peer.ToString()], []),
            ["hunt_traffic kind=beacon last=24h"]);
        yield return new("new", "Which device is new?", new([stranger.Device.ToString()], []), ["compare_traffic last=24h"]);
        yield return new("names", $"Which names did {upload.DeviceName} use that nobody else did?", new([upload.PeerName], ["0"]),
            [$"lookup_names hostname={upload.DeviceName} last=24h"]);
        yield return new("countries", "Which country gets most bytes?", Top(
            scene.Ledger.Rows.Where(row => row.IsExternal).GroupBy(row => row.Country ?? "unknown"), group => group.Sum(row => row.Bytes)),
            ["aggregate_traffic by=country measure=bytes"]);
    }

    private static IEnumerable<Case> Recorded(Scene scene, string device)
    {
        var rows = scene.Ledger.Rows;
        var destination = rows.Where(row => row.Source == device && row.Port != 0).GroupBy(row => Text(row.Port))
            .MaxBy(group => group.Count())!;
        yield return new("ports of a device", $"Which ports does {device} call?", new([destination.Key], [Text(destination.Count())]),
            [$"aggregate_traffic by=source,port measure=connections ip={device}"]);
        yield return new("came in", "How many connections came from outside?", new(
            [], [$"inbound_connections {Text(rows.Count(row => row.IsExternal && !row.IsOutbound))}"]),
            ["summarize_external_traffic last=24h"]);
        yield return new("direction", "How many connections go out?", new(
            ["outbound"], [Text(rows.Count(row => row.IsExternal && row.IsOutbound))]), ["aggregate_traffic by=direction"]);
        yield return new("states", "How many connections failed in all?", new(
            ["failed"], [Text(rows.Count(row => row.IsFailed))]), ["aggregate_traffic by=state measure=connections"]);
    }

    private static int Seed(Scene scene) => int.Parse(scene.Name.Split(' ')[^1], CultureInfo.InvariantCulture);

    private static IEnumerable<string> Ends(Ledger ledger, Row row) =>
        new[] { row.Source, row.Destination }.Distinct().Where(ledger.Devices.Contains);

    private static Expected Top(IEnumerable<IGrouping<string, Row>> groups, Func<IGrouping<string, Row>, long> measure)
    {
        var top = groups.OrderByDescending(measure).First();
        return new Expected([top.Key], [Text(measure(top))]);
    }

    private static Expected Between(List<Row> own, string device, string peer)
    {
        var between = own.Where(row => row.Peer(device) == peer).ToList();
        return new Expected([], [$"connections {Text(between.Count)}", $"bytes {Text(between.Sum(row => row.Bytes))}"]);
    }

    private static Expected Largest(IReadOnlyList<Row> rows)
    {
        var largest = rows.MaxBy(row => row.Bytes)!;
        return new Expected([largest.Source, largest.Destination], [Text(largest.Bytes), Second(largest.StartMs)]);
    }

    private static Expected First(List<Row> own, string device)
    {
        var peer = own.Where(row => row.IsOutbound && row.Source == device).GroupBy(row => row.Destination)
            .MinBy(group => group.Min(row => row.StartMs))!;
        return new Expected([peer.Key], [Second(peer.Min(row => row.StartMs))]);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Second(long ms) => Shown(ms, "yyyy-MM-dd HH:mm:ss");

    private static string Hour(long ms) => Shown(ms, "yyyy-MM-dd HH:00");

    private static string Shown(long ms, string format) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString(format, CultureInfo.InvariantCulture);
}
