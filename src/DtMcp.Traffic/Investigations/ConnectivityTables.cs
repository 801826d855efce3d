using System.Globalization;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Tables;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// The analyses from the guide's tables: what these can tell, and one note on what they cannot (see <see cref="ConnectivityCapability"/>).
/// What is not known is left out, never 0.
/// </summary>
internal static partial class ConnectivityTables
{
    public static Findings Summary(ConnectivityHalves answers, AnalysisSettings settings)
    {
        var limits = Limits(settings).Shows(TableDimension.All, TableQuantity.Connections)
            .Shows(TableDimension.Protocol, TableQuantity.BytesInOut, TableQuantity.Bytes).Shows(TableDimension.Port, TableQuantity.Bytes);
        var sides = ConnectivityParts.Named(answers, answer => answer.IntExt);
        var bytes = ConnectivityParts.TotalBytes(answers);
        var external = sides?.Where(row => row.Name == "external").Total(row => row.Bytes.Total);
        return Of(
            limits,
            [
                new Field("bytes", Cell.Of(bytes)),
                new Field("external_bytes", Cell.Of(external)),
                new Field("external_percent_of_bytes", bytes is > 0 && external is { } part ? Percent.Of(part, bytes.Value) : Cell.Absent),
            ],
            [Protocols(answers, settings), Applications(answers, settings), Status(answers, settings), Talkers(answers, settings, limits)],
            [NextCalls.Of(settings, "summarize_external_traffic")]);
    }

    public static Findings ProtocolsAndPorts(ConnectivityHalves answers, AnalysisSettings settings) => Of(
        Limits(settings).Shows(TableDimension.All, TableQuantity.Connections)
            .Shows(TableDimension.Protocol, TableQuantity.BytesInOut).Shows(TableDimension.Port, TableQuantity.Bytes),
        [new Field("bytes", Cell.Of(ConnectivityParts.TotalBytes(answers)))],
        [
            Protocols(answers, settings), Applications(answers, settings),
            ConnectivityParts.Ports("remote_ports", answers, answer => answer.RemotePorts, settings.Limit),
            ConnectivityParts.Ports("local_ports", answers, answer => answer.LocalPorts, settings.Limit),
        ],
        [NextCalls.Of(settings, "summarize_network_traffic")]);

    public static Findings External(ConnectivityHalves answers, AnalysisSettings settings)
    {
        var limits = Limits(settings).Shows(TableDimension.Destination, TableQuantity.Connections, TableQuantity.Ports);
        if ((answers.External ?? answers.Both) is not { } answer)
        {
            return Of(limits, [], [], []);
        }

        var one = new ConnectivityHalves { Both = answer };
        var pairs = new OutsidePairs(answer);
        if (!pairs.IsKnown)
        {
            limits.LeavesOut(TableDimension.Destination, TableQuantity.Bytes);
            return Of(
                limits,
                [new Field("bytes", Cell.Of(ConnectivityParts.TotalBytes(one)))],
                [ExternalDevices([answer], settings), Applications(one, settings)],
                []);
        }

        var destinations = FarHosts("destinations", pairs.Destinations, settings, withTargets: false);
        var inbound = FarHosts("inbound", pairs.InboundSources, settings, withTargets: true);
        var isWhole = pairs.Sources.All(source => source.Bytes is not null);
        if (!isWhole || pairs.Destinations.Concat(pairs.InboundSources).Any(host => host.Bytes is null))
        {
            limits.LeavesOut(TableDimension.Destination, TableQuantity.Bytes);
        }

        if (pairs.HasNamelessSource || pairs.InboundSources.Any(comer => comer.Targets is null))
        {
            limits.LeavesOut(TableDimension.Source, TableQuantity.Number);
        }

        // By bytes only where all have them: those left out would stand last whatever they sent.
        var ranked = pairs.Sources.OrderByDescending(source => isWhole ? source.Bytes : source.Destinations)
            .ThenBy(source => source.Order, StringComparer.Ordinal).ToList();
        var sources = new TableBuilder("sources", isWhole ? "bytes" : "destinations", "ip", "did", "hostname", "bytes", "destinations");
        foreach (var source in ranked.Take(settings.Limit))
        {
            sources.Add(
                Cell.Of(source.Ip), Cell.Of(source.Did), Cell.Of(source.Hostname),
                Cell.Of(source.Bytes), Cell.Of((long)source.Destinations));
        }

        return Of(
            limits,
            [
                new Field("bytes", Cell.Of(ConnectivityParts.TotalBytes(one))),
                new Field("destinations", Cell.Of((long)pairs.Destinations.Count)),
                new Field("sources", pairs.HasNamelessSource ? Cell.Absent : Cell.Of((long)pairs.Sources.Count)),
            ],
            [destinations, sources.Build(ranked.Count), inbound, Applications(one, settings)],
            ranked.Count > 0 && ranked[0].Did is { } did
                ? [NextCalls.Of(settings, "analyze_device_activity", string.Create(CultureInfo.InvariantCulture, $"did={did}"))]
                : []);
    }

    public static Findings Bandwidth(ConnectivityHalves answers, AnalysisSettings settings)
    {
        var limits = Limits(settings);
        var sized = answers.Summed.Where(ConnectivityParts.IsBytes).SelectMany(answer => answer.Devices ?? []).GroupBy(device => device.Did)
            .Select(group => (Device: group.First(), Bytes: group.Total(device => device.Size)))
            .OrderByDescending(row => row.Bytes).ThenBy(row => row.Device.Did).ToList();
        var total = Sum(ConnectivityParts.Named(answers, answer => answer.Protocols));
        var own = Own(answers, settings);
        var isFocus = false;
        if (settings.FocusDid is not null || settings.FocusAddress.IsPresent)
        {
            // One device's question is about that device, whoever else had a part in its connections.
            var mine = sized.Where(row => IsFocus(row.Device, settings)).ToList();
            isFocus = mine.Count == 1;
            sized = isFocus ? mine : sized;
        }

        var table = new TableBuilder("devices", "bytes", "ip", "did", "hostname", "bytes_in", "bytes_out", "bytes");
        foreach (var (device, bytes) in sized.Take(settings.Limit))
        {
            var divided = isFocus ? total : own.Of(device.Ip);
            if (divided is null)
            {
                limits.LeavesOut(TableDimension.Device, TableQuantity.BytesInOut);
            }

            table.Add(
                Cell.Of(device.Ip), Cell.Of(device.Did), Cell.Of(device.Details.Hostname),
                Cell.Of(divided?.In), Cell.Of(divided?.Out), Cell.Of(bytes));
        }

        return Of(
            limits,
            [
                new Field("bytes_in", isFocus ? Cell.Of(total?.In) : Cell.Absent),
                new Field("bytes_out", isFocus ? Cell.Of(total?.Out) : Cell.Absent),
                new Field("bytes", Cell.Of(ConnectivityParts.TotalBytes(answers))),
            ],
            [table.Build(sized.Count)],
            []);
    }

    public static Findings Subnet(ConnectivityHalves answers, AnalysisSettings settings)
    {
        var limits = new ConnectivityLimits(ConnectivityView.Subnet)
            .Shows(TableDimension.All, TableQuantity.Connections).Shows(TableDimension.ApplicationProtocol, TableQuantity.Bytes);
        bool IsIn(string? ip) => NetAddress.TryParse(ip, out var address) && settings.Subnet?.Contains(address) != false;
        Table? devices = null;
        if (answers.Both is { Peers: { } panel } answer)
        {
            var book = new PeerBook(answer);
            var own = new OwnBytes([answer], settings.Subnet);
            var listed = panel.Select(book.Find).Where(peer => IsIn(peer.Ip)).ToList();
            if (listed.Any(peer => own.Of(peer.Ip) is null))
            {
                limits.LeavesOut(TableDimension.Device, TableQuantity.BytesInOut);
            }

            devices = Peers("devices", listed.Select(peer => (peer, own.Of(peer.Ip))), settings.Limit);
        }

        var spoken = ConnectivityParts.Named(answers, tables => tables.PeerSubnets, lower: false);
        return Of(
            limits,
            [new Field("devices", Cell.Of(devices?.Of)), new Field("bytes", Cell.Of(ConnectivityParts.TotalBytes(answers)))],
            [
                Applications(answers, settings, withUnknown: true), devices,
                ConnectivityParts.NamedTable("subnets", "subnet", spoken, settings.Limit), Status(answers, settings),
                SubnetList("subnet_sizes", [.. answers.All.SelectMany(tables => tables.Subnets ?? [])], settings.Limit),
            ],
            []);
    }

    /// <summary>Both ends of everything; of one device's question the device itself and its peers, each as it saw it.</summary>
    private static Table? Talkers(ConnectivityHalves answers, AnalysisSettings settings, ConnectivityLimits limits)
    {
        var halves = answers.Summed.Where(answer => answer.Peers is not null).ToList();
        if (halves.Count == 0)
        {
            return null;
        }

        var isFocused = limits.View == ConnectivityView.Device;
        var own = Own(answers, settings);
        var peers = halves.SelectMany(answer => answer.Peers!.Select(new PeerBook(answer).Find))
            .Select(peer => (Peer: peer, Own: isFocused ? new InOut(peer.Bytes.Out, peer.Bytes.In) : own.Of(peer.Ip))).ToList();
        if (isFocused)
        {
            var device = Focus(answers, settings);
            var address = settings.FocusAddress.IsPresent ? settings.FocusAddress.ToString() : device?.Ip;
            peers.RemoveAll(peer => peer.Peer.Ip == address);
            if (Sum(ConnectivityParts.Named(answers, answer => answer.Protocols)) is { } all)
            {
                peers.Add((new Peer(address, device?.Did ?? settings.FocusDid, device?.Details.Hostname, device?.Details, all), all));
            }
        }

        if (peers.Any(peer => peer.Own is null && peer.Peer.Did is not null))
        {
            limits.LeavesOut(TableDimension.Device, TableQuantity.BytesInOut);
        }

        return Peers("talkers", peers, settings.Limit);
    }

    private static OwnBytes Own(ConnectivityHalves answers, AnalysisSettings settings) =>
        settings.Filters.ViewSubnet is not null && answers.Both is { } view
            ? new OwnBytes([view], settings.Subnet)
            : new OwnBytes(answers.SubnetViews);

    private static Findings Of(
        ConnectivityLimits limits, IEnumerable<Field> totals, IEnumerable<Table?> tables, IReadOnlyList<string> next)
    {
        return new Findings
        {
            Totals = [.. totals.Where(field => field.Value.Kind != CellKind.Absent)],
            Tables = [.. tables.OfType<Table>()],
            Notes = [limits.Note()],
            Next = next,
        };
    }

    private static ConnectivityLimits Limits(AnalysisSettings settings) => new(
        settings.FocusDid is not null || settings.FocusAddress.IsPresent ? ConnectivityView.Device
        : settings.Subnet is not null || settings.Filters.ViewSubnet is not null ? ConnectivityView.Subnet
        : ConnectivityView.Everything);

    private static bool IsFocus(ConnectivityDevice device, AnalysisSettings settings) => settings.FocusDid is { } did
        ? device.Did == did
        : NetAddress.TryParse(device.Ip, out var address) && address == settings.FocusAddress;

    private static ConnectivityDevice? Focus(ConnectivityHalves answers, AnalysisSettings settings) =>
        answers.All.SelectMany(answer => answer.Devices ?? []).FirstOrDefault(device => IsFocus(device, settings));

    private static InOut? Sum(List<(string Name, InOut Bytes)>? rows) =>
        rows is null ? null : new InOut(rows.Total(row => row.Bytes.In ?? 0), rows.Total(row => row.Bytes.Out ?? 0));
}
