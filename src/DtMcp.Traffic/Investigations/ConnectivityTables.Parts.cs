using System.Globalization;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Queries.Tables;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>The tables that several analyses show.</summary>
internal static partial class ConnectivityTables
{
    private static Table? Protocols(ConnectivityHalves answers, AnalysisSettings settings) =>
        ConnectivityParts.NamedTable("protocols", "name", ConnectivityParts.Named(answers, answer => answer.Protocols), settings.Limit);

    private static Table? Applications(ConnectivityHalves answers, AnalysisSettings settings, bool withUnknown = false) =>
        ConnectivityParts.NamedTable(
            "applicationprotocols",
            "name",
            ConnectivityParts.Named(answers, answer => answer.ApplicationProtocols),
            settings.Limit,
            withUnknown);

    private static Table? Status(ConnectivityHalves answers, AnalysisSettings settings) =>
        ConnectivityParts.NamedTable(
            "status", "status", ConnectivityParts.Named(answers, answer => answer.Status, lower: false), settings.Limit);

    private static Table Peers(string name, IEnumerable<(Peer Peer, InOut? Own)> peers, int limit)
    {
        var ranked = peers.OrderByDescending(row => row.Peer.Bytes.Total).ThenBy(row => row.Peer.Order, StringComparer.Ordinal).ToList();
        var table = new TableBuilder(name, "bytes", "ip", "did", "hostname", "country", "asn", "bytes_in", "bytes_out", "bytes");
        foreach (var (peer, own) in ranked.Take(limit))
        {
            table.Add(
                Cell.Of(peer.Ip), Cell.Of(peer.Did), Cell.Of(peer.Hostname == peer.Ip ? null : peer.Hostname),
                Cell.Of(peer.Details?.Country), Cell.Of(peer.Details?.Asn),
                Cell.Of(own?.In), Cell.Of(own?.Out), ConnectivityParts.Total(peer.Bytes));
        }

        return table.Build(ranked.Count);
    }

    private static Table FarHosts(string name, IReadOnlyList<OutsidePairs.FarHost> hosts, AnalysisSettings settings, bool withTargets)
    {
        string[] columns = ["ip", "hostname", "country", "asn", "bytes"];
        var table = new TableBuilder(name, "bytes", withTargets ? [.. columns, "targets"] : columns);
        var ranked = hosts.OrderByDescending(host => host.Bytes ?? -1).ThenBy(host => host.Order, StringComparer.Ordinal);
        foreach (var host in ranked.Take(settings.Limit))
        {
            var cells = Outside(host.Host, Cell.Of(host.Bytes));
            table.Add(withTargets ? [.. cells, Cell.Of(host.Targets)] : cells);
        }

        return table.Build(hosts.Count);
    }

    private static Table? ExternalDevices(IEnumerable<Connectivity> answers, AnalysisSettings settings)
    {
        var read = answers.ToList();
        if (read.All(answer => answer.ExternalDevices is null))
        {
            return null;
        }

        var outside = read.SelectMany(answer => answer.ExternalDevices ?? [])
            .DistinctBy(device => (device.Id, device.Ip)).OrderByDescending(device => device.Size).ToList();
        var measure = read.All(ConnectivityParts.IsBytes) ? "bytes" : "size";
        var table = new TableBuilder("external_devices", measure, "ip", "hostname", "country", "asn", measure);
        foreach (var device in outside.Take(settings.Limit))
        {
            table.Add(Outside(device, Cell.Of(device.Size)));
        }

        return table.Build(outside.Count);
    }

    private static Table? SubnetList(string name, List<ConnectivitySubnet> subnets, int limit)
    {
        if (subnets.Count == 0)
        {
            return null;
        }

        var table = new TableBuilder(name, "size", "sid", "network", "label", "size");
        foreach (var subnet in subnets.OrderByDescending(subnet => subnet.Size).Take(limit))
        {
            table.Add(Cell.Of(subnet.Sid), Cell.Of(subnet.Network), Cell.Of(subnet.Label), Cell.Of(subnet.Size));
        }

        return table.Build(subnets.Count);
    }

    private static Cell[] Outside(ExternalDevice device, Cell bytes) =>
    [
        Cell.Of(device.Ip ?? device.Name), Cell.Of(device.Details.Hostname ?? (device.Name == device.Ip ? null : device.Name)),
        Cell.Of(device.Details.Country), Cell.Of(device.Details.Asn), bytes,
    ];

    private static string End(ConnectionEnd end, Dictionary<long, string> outside) => end.Ip
        ?? (end.Type == "externaldevice" ? outside.GetValueOrDefault(end.Id) : null)
        ?? string.Create(CultureInfo.InvariantCulture, $"{end.Type ?? "id"} {end.Id}");
}
