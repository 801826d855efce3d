using DtMcp.Darktrace.Reading.Network;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Tables;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>One device, and the raw tables.</summary>
internal static partial class ConnectivityTables
{
    public static Findings Device(ConnectivityHalves answers, AnalysisSettings settings)
    {
        var limits = new ConnectivityLimits(ConnectivityView.Device)
            .Shows(TableDimension.All, TableQuantity.Connections).Shows(TableDimension.Protocol, TableQuantity.Bytes);
        var total = Sum(ConnectivityParts.Named(answers, answer => answer.Protocols));
        var device = Focus(answers, settings);
        var details = settings.FocusDetails is { } known ? (device is null ? known : known.FilledFrom(device.Details)) : device?.Details;
        var (external, inner) = (Half(answers.External), Half(answers.Internal));
        var findings = Of(
            limits,
            [
                new Field("external_destinations", Destinations(external, limits)),
                new Field("internal_destinations", Destinations(inner, limits)),
                new Field("bytes_in", Cell.Of(total?.In)),
                new Field("bytes_out", Cell.Of(total?.Out)),
            ],
            [
                Protocols(answers, settings), Applications(answers, settings),
                ConnectivityParts.Ports("remote_ports", answers, answer => answer.RemotePorts, settings.Limit),
                ConnectivityParts.Ports("local_ports", answers, answer => answer.LocalPorts, settings.Limit),
                Far("external", external), Far("internal", inner), Inbound(),
                Status(answers, settings),
            ],
            []);
        return findings with
        {
            Device = DeviceDescription.Of(
                settings.FocusDid ?? device?.Did, settings.FocusAddress.IsPresent ? settings.FocusAddress.ToString() : device?.Ip, details),
            Notes = [limits.Note()],
        };

        FocusPairs? Half(Connectivity? answer) => answer is null ? null : new FocusPairs(answer, settings.FocusDid, settings.FocusAddress);

        // Without pairs it is not known who began: then they are peers, no destinations.
        Table? Far(string side, FocusPairs? half) => half is null ? null : half.IsKnown
            ? FocusPeers(
                side + "_destinations",
                [.. half.Peers.Where(peer => peer.Began && !(half.IsVague && IsNameless(peer)))],
                settings.Limit,
                limits)
            : FocusPeers(side + "_peers", half.Peers, settings.Limit, limits);

        Table? Inbound()
        {
            FocusPairs[] halves = [.. new[] { external, inner }.OfType<FocusPairs>().Where(half => half.IsKnown)];
            var came = halves.SelectMany(half => half.Peers.Where(peer => peer.Came && !(half.IsVague && IsNameless(peer))));
            return halves.Length == 0 ? null : FocusPeers("inbound", [.. came], settings.Limit, limits);
        }
    }

    public static Findings Raw(ConnectivityHalves answers, AnalysisSettings settings)
    {
        var limits = Limits(settings).Shows(TableDimension.All, TableQuantity.Connections).Shows(TableDimension.Protocol,
            TableQuantity.BytesInOut);
        var pairs = answers.Summed.SelectMany(answer => answer.Connections ?? [])
            .DistinctBy(pair => (pair.Source.Id, pair.Source.Ip, pair.Target.Id, pair.Target.Ip)).ToList();
        var named = answers.All.SelectMany(answer => answer.ExternalDevices ?? [])
            .Where(outside => outside.Id is not null && (outside.Ip ?? outside.Name) is not null)
            .GroupBy(outside => outside.Id!.Value).ToDictionary(group => group.Key, group => (group.First().Ip ?? group.First().Name)!);
        var connections = new TableBuilder("connections", "unusualness", "source", "target", "time", "unusualness");
        var offset = (int)Math.Min(settings.Offset, pairs.Count);
        var ranked = pairs.OrderByDescending(pair => pair.Score ?? 0).ThenByDescending(pair => pair.TimeMs);
        foreach (var pair in ranked.Skip(offset).Take(settings.Limit))
        {
            connections.Add(
                Cell.Of(End(pair.Source, named)), Cell.Of(End(pair.Target, named)), ConnectivityParts.Moment(pair.TimeMs),
                pair.Score is { } score ? Cell.Of(score) : Cell.Absent);
        }

        var devices = answers.Summed.SelectMany(answer => answer.Devices ?? []).GroupBy(device => device.Did)
            .Select(group => group.First() with { Size = group.Total(device => device.Size) })
            .OrderByDescending(device => device.Size).ThenBy(device => device.Did).ToList();
        var deviceTable = new TableBuilder("devices", "size", "did", "ip", "hostname", "size", "last_time");
        foreach (var device in devices.Take(settings.Limit))
        {
            deviceTable.Add(
                Cell.Of(device.Did), Cell.Of(device.Ip), Cell.Of(device.Details.Hostname), Cell.Of(device.Size),
                ConnectivityParts.Moment(device.TimeMs));
        }

        return Of(
            limits,
            [new Field("bytes", Cell.Of(ConnectivityParts.TotalBytes(answers)))],
            [
                answers.All.Any(answer => answer.Connections is not null) ? connections.Build(pairs.Count) : null,
                answers.All.Any(answer => answer.Devices is not null) ? deviceTable.Build(devices.Count) : null,
                ExternalDevices(answers.All, settings),
                SubnetList("subnets", [.. answers.Summed.SelectMany(answer => answer.Subnets ?? [])], settings.Limit),
                Protocols(answers, settings), Applications(answers, settings),
            ],
            []);
    }

    private static bool IsNameless(FocusPeer peer) => peer is { Did: null, Details: null };

    private static Cell Destinations(FocusPairs? half, ConnectivityLimits limits)
    {
        if (half is not { IsKnown: true } || half.IsVague)
        {
            if (half is not null)
            {
                limits.LeavesOut(TableDimension.Destination, TableQuantity.Number);
            }

            return Cell.Absent;
        }

        return Cell.Of((long)half.Peers.Count(peer => peer.Began));
    }

    private static Table FocusPeers(string name, IReadOnlyList<FocusPeer> peers, int limit, ConnectivityLimits limits)
    {
        var isMixed = !name.EndsWith("_peers", StringComparison.Ordinal);
        if (isMixed && peers.Any(peer => peer.IsMixed))
        {
            limits.LeavesOut(TableDimension.Destination, TableQuantity.Bytes);
        }

        var table = new TableBuilder(name, "bytes", "ip", "did", "hostname", "country", "asn", "bytes_in", "bytes_out", "bytes");
        var ranked = peers.OrderByDescending(peer => Total(peer) ?? -1).ThenBy(peer => peer.Order, StringComparer.Ordinal);
        foreach (var peer in ranked.Take(limit))
        {
            var bytes = isMixed && peer.IsMixed ? null : peer.Bytes;
            table.Add(
                Cell.Of(peer.Ip), Cell.Of(peer.Did), Cell.Of(peer.Hostname == peer.Ip ? null : peer.Hostname),
                Cell.Of(peer.Details?.Country), Cell.Of(peer.Details?.Asn),
                Cell.Of(bytes?.In), Cell.Of(bytes?.Out), Cell.Of(Total(peer)));
        }

        return table.Build(peers.Count);

        long? Total(FocusPeer peer) => isMixed && peer.IsMixed ? null : peer.Total;
    }
}
