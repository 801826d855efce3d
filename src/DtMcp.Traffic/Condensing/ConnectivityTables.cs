using DtMcp.Darktrace.Reading;
using DtMcp.Traffic.Rendering;

namespace DtMcp.Traffic.Condensing;

/// <summary>The analyses from the guide's tables: what these can tell, and one note on what they cannot. What is not known is left out, never 0.</summary>
internal static class ConnectivityTables
{
    private const string NoRows =
        "This stands on connectivity tables, which hold bytes only: connection and packet counts, ports per peer and hours are not told. Advanced Search permission gives them.";

    public static Findings Summary(ConnectivityHalves answers, AnalysisSettings settings)
    {
        var sides = ConnectivityParts.Named(answers, answer => answer.IntExt);
        var bytes = ConnectivityParts.TotalBytes(answers);
        var external = sides?.Where(row => row.Name == "external").Sum(row => row.Bytes.Total);
        return Of(
            [
                new Field("bytes", Cell.Of(bytes)),
                new Field("external_bytes", Cell.Of(external)),
                new Field("external_percent_of_bytes", bytes is > 0 && external is { } part ? Percent.Of(part, bytes.Value) : Cell.Absent),
            ],
            [
                Protocols(answers, settings), Applications(answers, settings), Status(answers, settings),
                .. answers.All.Select(answer => ConnectivityParts.Peers("talkers", answer, settings.Limit)).Take(1),
            ],
            [NextCalls.Of(settings, "summarize_external_traffic")]);
    }

    public static Findings ProtocolsAndPorts(ConnectivityHalves answers, AnalysisSettings settings) => Of(
        [new Field("bytes", Cell.Of(ConnectivityParts.TotalBytes(answers)))],
        [
            Protocols(answers, settings), Applications(answers, settings),
            ConnectivityParts.Ports("remote_ports", answers, answer => answer.RemotePorts, settings.Limit),
            ConnectivityParts.Ports("local_ports", answers, answer => answer.LocalPorts, settings.Limit),
        ],
        [NextCalls.Of(settings, "summarize_network_traffic")]);

    public static Findings External(ConnectivityHalves answers, AnalysisSettings settings)
    {
        if ((answers.External ?? answers.Both) is not { } answer)
        {
            return Of([], [], []);
        }

        var pairs = new OutsidePairs(answer);
        var destinations = new TableBuilder("destinations", "bytes", "ip", "hostname", "country", "asn", "bytes");
        var outbound = pairs.Destinations.OrderByDescending(outside => pairs.BytesOf(outside) ?? 0).ThenBy(outside => outside.Ip, StringComparer.Ordinal).ToList();
        foreach (var outside in outbound.Take(settings.Limit))
        {
            destinations.Add(Outside(outside, Cell.Of(pairs.BytesOf(outside))));
        }

        var comers = pairs.Comers.OrderByDescending(outside => pairs.BytesOf(outside) ?? 0).ThenBy(outside => outside.Ip, StringComparer.Ordinal).ToList();
        var inbound = new TableBuilder("inbound", "bytes", "ip", "hostname", "country", "asn", "bytes");
        foreach (var outside in comers.Take(settings.Limit))
        {
            inbound.Add(Outside(outside, Cell.Of(pairs.BytesOf(outside))));
        }

        var sources = new TableBuilder("sources", "bytes", "ip", "did", "hostname", "bytes", "destinations");
        var senders = pairs.Sources.OrderByDescending(source => source.Bytes ?? 0).ThenBy(source => source.Ip, StringComparer.Ordinal).ToList();
        foreach (var source in senders.Take(settings.Limit))
        {
            sources.Add(Cell.Of(source.Ip), Cell.Of(source.Did), Cell.Of(source.Hostname), Cell.Of(source.Bytes), Cell.Of((long)source.Destinations));
        }

        return Of(
            [
                new Field("bytes", Cell.Of(ConnectivityParts.TotalBytes(new ConnectivityHalves { Both = answer }))),
                new Field("destinations", Cell.Of((long)outbound.Count)),
                new Field("sources", Cell.Of((long)senders.Count)),
            ],
            [destinations.Build(outbound.Count), sources.Build(senders.Count), inbound.Build(comers.Count), Applications(new ConnectivityHalves { Both = answer }, settings)],
            senders.Count > 0 && senders[0].Did is { } did
                ? [NextCalls.Of(settings, "analyze_device_activity", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"did={did}"))]
                : []);
    }

    public static Findings Device(ConnectivityHalves answers, AnalysisSettings settings)
    {
        var protocols = ConnectivityParts.Named(answers, answer => answer.Protocols);
        var device = answers.All.SelectMany(answer => answer.Devices ?? [])
            .FirstOrDefault(device => settings.FocusDid is { } did ? device.Did == did : device.Ip is { } ip && NetAddress.TryParse(ip, out var address) && address == settings.FocusAddress);
        var details = settings.FocusDetails is { } known ? (device is null ? known : known.FilledFrom(device.Details)) : device?.Details;
        var external = answers.External is null ? null : new OutsidePairs(answers.External, settings.FocusAddress);
        var destinations = external?.Destinations.SelectMany(outside => new[] { outside.Ip, outside.Name, outside.Details.Hostname }).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var inner = ConnectivityParts.Peers("internal_destinations", answers.Internal, settings.Limit);
        var findings = Of(
            [
                new Field("external_destinations", external is null ? Cell.Absent : Cell.Of((long)external.Destinations.Count)),
                new Field("internal_peers", Cell.Of(inner?.Of)),
                new Field("bytes_in", Cell.Of(protocols?.Sum(row => row.Bytes.In ?? 0))),
                new Field("bytes_out", Cell.Of(protocols?.Sum(row => row.Bytes.Out ?? 0))),
            ],
            [
                Protocols(answers, settings), Applications(answers, settings),
                ConnectivityParts.Ports("remote_ports", answers, answer => answer.RemotePorts, settings.Limit),
                ConnectivityParts.Ports("local_ports", answers, answer => answer.LocalPorts, settings.Limit),
                ConnectivityParts.Peers("external_destinations", answers.External, settings.Limit, peer => destinations is null || destinations.Contains(peer.Ip)),
                inner,
                Status(answers, settings),
            ],
            []);
        return findings with { Device = DeviceActivity.Describe(settings.FocusDid ?? device?.Did, settings.FocusAddress.IsPresent ? settings.FocusAddress.ToString() : device?.Ip, details) };
    }

    public static Findings Bandwidth(ConnectivityHalves answers, AnalysisSettings settings)
    {
        var sized = answers.Summed.Where(ConnectivityParts.IsBytes).SelectMany(answer => answer.Devices ?? []).GroupBy(device => device.Did)
            .Select(group => (Device: group.First(), Bytes: group.Sum(device => device.Size)))
            .OrderByDescending(row => row.Bytes).ThenBy(row => row.Device.Did).ToList();
        var table = new TableBuilder("devices", "bytes", "ip", "did", "hostname", "bytes");
        foreach (var (device, bytes) in sized.Take(settings.Limit))
        {
            table.Add(Cell.Of(device.Ip), Cell.Of(device.Did), Cell.Of(device.Details.Hostname), Cell.Of(bytes));
        }

        return Of([new Field("bytes", Cell.Of(ConnectivityParts.TotalBytes(answers)))], [table.Build(sized.Count)], []);
    }

    public static Findings Subnet(ConnectivityHalves answers, AnalysisSettings settings)
    {
        bool IsIn(string? ip) => NetAddress.TryParse(ip, out var address) && settings.Subnet?.Contains(address) != false;
        var peers = answers.Both is { } answer ? ConnectivityParts.Peers("devices", answer, settings.Limit, peer => IsIn(peer.Ip)) : null;
        var labels = answers.All.SelectMany(tables => tables.Subnets ?? []).ToList();
        var spoken = ConnectivityParts.Named(answers, tables => tables.PeerSubnets, lower: false);
        return Of(
            [new Field("devices", Cell.Of(peers?.Of)), new Field("bytes", Cell.Of(ConnectivityParts.TotalBytes(answers)))],
            [
                Applications(answers, settings, withUnknown: true), peers,
                ConnectivityParts.NamedTable("subnets", "subnet", spoken, settings.Limit), Status(answers, settings),
                SubnetList("subnet_sizes", labels, settings.Limit),
            ],
            []);
    }

    public static Findings Raw(ConnectivityHalves answers, AnalysisSettings settings)
    {
        var pairs = answers.Summed.SelectMany(answer => answer.Connections ?? []).DistinctBy(pair => (pair.Source.Id, pair.Source.Ip, pair.Target.Id, pair.Target.Ip)).ToList();
        var named = answers.All.SelectMany(answer => answer.ExternalDevices ?? []).Where(outside => outside.Id is not null && (outside.Ip ?? outside.Name) is not null)
            .GroupBy(outside => outside.Id!.Value).ToDictionary(group => group.Key, group => (group.First().Ip ?? group.First().Name)!);
        var connections = new TableBuilder("connections", "unusualness", "source", "target", "time", "unusualness");
        var offset = (int)Math.Min(settings.Offset, pairs.Count);
        foreach (var pair in pairs.OrderByDescending(pair => pair.Score ?? 0).ThenByDescending(pair => pair.TimeMs).Skip(offset).Take(settings.Limit))
        {
            connections.Add(Cell.Of(End(pair.Source, named)), Cell.Of(End(pair.Target, named)), ConnectivityParts.Moment(pair.TimeMs), pair.Score is { } score ? Cell.Of(score) : Cell.Absent);
        }

        var devices = answers.Summed.SelectMany(answer => answer.Devices ?? []).GroupBy(device => device.Did)
            .Select(group => group.First() with { Size = group.Sum(device => device.Size) }).OrderByDescending(device => device.Size).ThenBy(device => device.Did).ToList();
        var deviceTable = new TableBuilder("devices", "size", "did", "ip", "hostname", "size", "last_time");
        foreach (var device in devices.Take(settings.Limit))
        {
            deviceTable.Add(Cell.Of(device.Did), Cell.Of(device.Ip), Cell.Of(device.Details.Hostname), Cell.Of(device.Size), ConnectivityParts.Moment(device.TimeMs));
        }

        var outside = answers.All.SelectMany(answer => answer.ExternalDevices ?? []).DistinctBy(device => (device.Id, device.Ip)).OrderByDescending(device => device.Size).ToList();
        var measure = answers.All.All(ConnectivityParts.IsBytes) ? "bytes" : "size";
        var externalTable = new TableBuilder("external_devices", measure, "ip", "hostname", "country", "asn", measure);
        foreach (var device in outside.Take(settings.Limit))
        {
            externalTable.Add(Outside(device, Cell.Of(device.Size)));
        }

        return Of(
            [new Field("bytes", Cell.Of(ConnectivityParts.TotalBytes(answers)))],
            [
                answers.All.Any(answer => answer.Connections is not null) ? connections.Build(pairs.Count) : null,
                answers.All.Any(answer => answer.Devices is not null) ? deviceTable.Build(devices.Count) : null,
                answers.All.Any(answer => answer.ExternalDevices is not null) ? externalTable.Build(outside.Count) : null,
                answers.All.Any(answer => answer.Subnets is { Count: > 0 }) ? SubnetList("subnets", [.. answers.Summed.SelectMany(answer => answer.Subnets ?? [])], settings.Limit) : null,
                Protocols(answers, settings), Applications(answers, settings),
            ],
            []);
    }

    private static Findings Of(IEnumerable<Field> totals, IEnumerable<Table?> tables, IReadOnlyList<string> next) => new()
    {
        Totals = [.. totals.Where(field => field.Value.Kind != CellKind.Absent)],
        Tables = [.. tables.OfType<Table>()],
        Notes = [NoRows],
        Next = next,
    };

    private static Table? Protocols(ConnectivityHalves answers, AnalysisSettings settings) =>
        ConnectivityParts.NamedTable("protocols", "name", ConnectivityParts.Named(answers, answer => answer.Protocols), settings.Limit);

    private static Table? Applications(ConnectivityHalves answers, AnalysisSettings settings, bool withUnknown = false) =>
        ConnectivityParts.NamedTable("applicationprotocols", "name", ConnectivityParts.Named(answers, answer => answer.ApplicationProtocols), settings.Limit, withUnknown);

    private static Table? Status(ConnectivityHalves answers, AnalysisSettings settings) =>
        ConnectivityParts.NamedTable("status", "status", ConnectivityParts.Named(answers, answer => answer.Status, lower: false), settings.Limit);

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
        Cell.Of(device.Ip ?? device.Name), Cell.Of(device.Details.Hostname ?? (device.Name == device.Ip ? null : device.Name)), Cell.Of(device.Details.Country), Cell.Of(device.Details.Asn), bytes,
    ];

    private static string End(ConnectionEnd end, Dictionary<long, string> outside) => end.Ip
        ?? (end.Type == "externaldevice" ? outside.GetValueOrDefault(end.Id) : null)
        ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{end.Type ?? "id"} {end.Id}");
}
