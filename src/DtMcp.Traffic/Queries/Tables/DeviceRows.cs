using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Queries.Tables;

/// <summary>Ends of connections, each with what it received and sent itself where that is told.</summary>
internal static class DeviceRows
{
    /// <summary>Both ends of everything; of one device's question the device itself and its peers, each as it saw it.</summary>
    public static TableRows? Endpoints(ConnectivityEvidence evidence)
    {
        var halves = evidence.Answers.Summed.Where(answer => answer.Peers is not null).ToList();
        if (halves.Count == 0)
        {
            return null;
        }

        var isFocused = evidence.View == ConnectivityView.Device;
        var peers = halves.SelectMany(answer => answer.Peers!.Select(new PeerBook(answer).Find))
            .Select(peer => (Peer: peer, Own: isFocused ? new InOut(peer.Bytes.Out, peer.Bytes.In) : evidence.Own.Of(peer.Ip))).ToList();
        if (isFocused)
        {
            var (device, ip) = (evidence.Focus, evidence.FocusIp);
            peers.RemoveAll(peer => peer.Peer.Ip == ip);
            if (evidence.All is { } all)
            {
                peers.Add((
                    new Peer(ip, device?.Did ?? evidence.Settings.FocusDid, device?.Details.Hostname, device?.Details, all), all));
            }
        }

        return Of(peers, peer => peer.Did is not null);
    }

    /// <summary>The device or the devices of the subnet asked about, else all that the appliance models.</summary>
    public static TableRows? Devices(ConnectivityEvidence evidence)
    {
        if (evidence.View == ConnectivityView.Subnet && evidence.Answers.Both is { Peers: { } panel } subnet)
        {
            return OfSubnet(evidence, subnet, panel);
        }

        var sized = evidence.Answers.Summed.Where(ConnectivityParts.IsBytes)
            .SelectMany(answer => answer.Devices ?? [])
            .Where(device => evidence.View != ConnectivityView.Subnet || IsIn(evidence, device.Address)).GroupBy(device => device.Did)
            .Select(group => (Device: group.First(), Bytes: group.Total(device => device.Size)))
            .OrderByDescending(row => row.Bytes).ThenBy(row => row.Device.Did).ToList();
        if (evidence.View == ConnectivityView.Device)
        {
            // One device's question is about that device, whoever else had a part in its connections.
            var mine = sized.Where(row => evidence.IsFocus(row.Device)).Select(row => Row(row.Device, row.Bytes, evidence.All)).ToList();
            return mine.Count == 1 ? new TableRows(mine)
                : evidence.All is { } all ? new TableRows([Unlisted(evidence, all)])
                : null;
        }

        var rows = sized.Select(row => Row(row.Device, row.Bytes, evidence.Own.Of(row.Device.Ip))).ToList();
        return new TableRows(rows);
    }

    private static TableRows OfSubnet(ConnectivityEvidence evidence, Connectivity answer, IReadOnlyList<PeerBytes> panel)
    {
        var listed = panel.Select(new PeerBook(answer).Find).Where(peer => IsIn(evidence, peer.Address))
            .Select(peer => (Peer: peer, Own: evidence.Own.Of(peer.Ip))).ToList();
        return Of(listed, _ => true);
    }

    private static bool IsIn(ConnectivityEvidence evidence, NetAddress address) =>
        address.IsPresent && evidence.Settings.Subnet?.Contains(address) != false;

    // An address that is no device.
    private static TableRow Unlisted(ConnectivityEvidence evidence, InOut all)
    {
        var host = evidence.Answers.All.SelectMany(answer => answer.ExternalDevices ?? [])
            .FirstOrDefault(host => host.Address.IsPresent && host.Address == evidence.Settings.FocusAddress);
        return new TableRow
        {
            Ip = evidence.FocusIp,
            Did = evidence.Settings.FocusDid,
            Hostname = host?.Details.Hostname,
            Country = host?.Details.Country,
            Asn = host?.Details.Asn,
            InOut = all,
            Bytes = all.Total,
        };
    }

    private static TableRow Row(ConnectivityDevice device, long bytes, InOut? own) => new()
    {
        Ip = device.Ip,
        Did = device.Did,
        Hostname = device.Details.Hostname,
        Country = device.Details.Country,
        Asn = device.Details.Asn,
        InOut = own,
        Bytes = bytes,
        IsLacking = own is null,
    };

    private static TableRows Of(IEnumerable<(Peer Peer, InOut? Own)> peers, Func<Peer, bool> isDevice) => new(
        [
            .. peers.OrderByDescending(row => row.Peer.Bytes.Total).ThenBy(row => row.Peer.Order, StringComparer.Ordinal)
                .Select(row => new TableRow
                {
                    Ip = row.Peer.Ip,
                    Did = row.Peer.Did,
                    Hostname = row.Peer.Hostname == row.Peer.Ip ? null : row.Peer.Hostname,
                    Country = row.Peer.Details?.Country,
                    Asn = row.Peer.Details?.Asn,
                    InOut = row.Own,
                    Bytes = ConnectivityParts.Told(row.Peer.Bytes),
                    IsLacking = row.Own is null && isDevice(row.Peer),
                }),
        ]);
}
