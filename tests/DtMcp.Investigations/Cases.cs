using System.Globalization;
using DtMcp.Simulator.Scenarios;

namespace DtMcp.Investigations;

/// <summary>The cases of a scene: each kind of question once, with the answer scanned from the ledger.</summary>
internal sealed class Cases(Scene scene, bool inOtherWords)
{
    public IEnumerable<Case> All()
    {
        var ledger = scene.Ledger;
        var (rows, device) = (ledger.Rows, ledger.BusiestDevice);
        var popular = ledger.PopularHost;
        var own = rows.Where(row => row.Has(device)).ToList();

        yield return One("upload", [], Top(
            rows.Where(row => row.IsOutbound).GroupBy(row => row.Destination), group => group.Sum(row => row.Bytes)),
            ["summarize_external_traffic last=24h"]);
        yield return One("bandwidth", [], Top(
            rows.SelectMany(row => Ends(ledger, row).Select(end => (end, row))).GroupBy(pair => pair.end, pair => pair.row),
            group => group.Sum(row => row.Bytes)), ["analyze_bandwidth last=24h"]);
        yield return One("hours", [device], Top(
            own.GroupBy(row => Hour(row.StartMs)), group => group.Sum(row => row.Bytes)),
            [$"aggregate_traffic by=hour measure=bytes ip={device} limit=24"]);
        yield return One("ports", [], Top(
            rows.Where(row => row.Port != 0).GroupBy(row => Text(row.Port)), group => group.Count()),
            ["summarize_network_traffic last=24h"]);
        var udp = rows.Where(row => row.Protocol == "udp").ToList();
        yield return One("protocols", [], new(
            ["udp"], [Text(udp.Count), Text(udp.Sum(row => row.Bytes))]),
            ["analyze_protocols_and_ports last=24h"]);
        var reached = own.Where(row => row.Source == device && row.IsOutbound).Select(row => row.Destination).Distinct().Count();
        yield return One("device", [device], new([], [$"external_destinations {Text(reached)}"]),
            [$"analyze_device_activity ip={device}"]);
        var talkers = rows.Where(row => row.Has(popular)).GroupBy(row => row.Peer(popular))
            .OrderByDescending(group => group.Count()).ToList();
        yield return One("who else", [popular], new(
            [talkers[0].Key], [Text(talkers[0].Count()), Second(talkers[0].Min(row => row.StartMs))]),
            [$"describe_endpoint ip={popular} limit=50"]);
        yield return One(
            "devices of a host", [popular], new([], [$"devices_in_window {Text(talkers.Count)}"]), [$"describe_endpoint ip={popular}"]);
        yield return One("failed", [device], new(
            [], [$"connections {Text(own.Count(row => row.IsFailed))}"]), [$"aggregate_traffic by=peer ip={device} state=failed"]);
        var peer = own.First(row => row.IsOutbound).Peer(device);
        yield return One("pair", [device, peer], Between(own, device, peer), [$"get_network_traffic ip={device} peer={peer}"]);
        yield return One("longest row", [], Largest(rows), ["get_network_traffic sort=bytes"]);
        yield return One("sent", [], Top(
            rows.SelectMany(row => Ends(ledger, row).Select(end => (end, row))).GroupBy(pair => pair.end, pair => pair.row),
            group => group.Sum(row => row.Out(group.Key))), ["aggregate_traffic by=device measure=bytes_out"]);
        yield return One("peers", [], Top(
            rows.SelectMany(row => Ends(ledger, row).Select(end => (end, row))).GroupBy(pair => pair.end, pair => pair.row),
            group => group.Select(row => row.Peer(group.Key)).Distinct().Count()), ["aggregate_traffic by=device measure=peers"]);
        yield return One("large", [], new(
            [], [$"connections {Text(rows.Count(row => row.Bytes >= 10_000_000))}"]), ["get_network_traffic min_bytes=10000000"]);
        yield return One("inside", [], new(
            [], [$"connections {Text(rows.Count(row => !row.IsExternal))}"]), ["summarize_network_traffic intext=internal"]);
        yield return One("first", [device], First(own, device),
            [$"aggregate_traffic by=peer measure=first ip={device} limit=50 sort=ascending direction=outbound"]);
        foreach (var one in scene.IsMadeUp ? Office() : Recorded(device))
        {
            yield return one;
        }
    }

    private IEnumerable<Case> Office()
    {
        var planted = OfficeScenario.Plant(Seed(scene), scene.Now, 2, 0).Planted;
        var (beacon, upload, stranger) = (planted.Beacon, planted.Upload, planted.NewDevice);
        yield return One("beacon", [], new([beacon.Device.ToString(), beacon.Peer.ToString()], []),
            ["hunt_traffic kind=beacon last=24h"]);
        yield return One("new", [], new([stranger.Device.ToString()], []), ["compare_traffic last=24h"]);
        yield return One("names", [upload.DeviceName], new([upload.PeerName], ["0"]),
            [$"lookup_names hostname={upload.DeviceName} last=24h"]);
        yield return One("countries", [], Top(
            scene.Ledger.Rows.Where(row => row.IsExternal).GroupBy(row => row.Country ?? "unknown"), group => group.Sum(row => row.Bytes)),
            ["aggregate_traffic by=country measure=bytes"]);
    }

    private IEnumerable<Case> Recorded(string device)
    {
        var rows = scene.Ledger.Rows;
        var destination = rows.Where(row => row.Source == device && row.Port != 0).GroupBy(row => Text(row.Port))
            .MaxBy(group => group.Count())!;
        yield return One("ports of a device", [device], new([destination.Key], [Text(destination.Count())]),
            [$"aggregate_traffic by=source,port measure=connections ip={device}"]);
        yield return One("came in", [], new(
            [], [$"inbound_connections {Text(rows.Count(row => row.IsExternal && !row.IsOutbound))}"]),
            ["summarize_external_traffic last=24h"]);
        yield return One("direction", [], new(
            ["outbound"], [Text(rows.Count(row => row.IsExternal && row.IsOutbound))]), ["aggregate_traffic by=direction"]);
        yield return One("states", [], new(
            ["failed"], [Text(rows.Count(row => row.IsFailed))]), ["aggregate_traffic by=state measure=connections"]);
    }

    private Case One(string kind, string[] of, Expected answer, IReadOnlyList<string> playbook) =>
        new(kind, Asks.Of(kind, inOtherWords, of), answer, playbook);

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
