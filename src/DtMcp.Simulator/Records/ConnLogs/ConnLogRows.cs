using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Records.ConnLogs;

/// <summary>
/// Turns the lines of a conn.log into a record set: ports of ICMP are 0 (Zeek keeps type and code there), MAC addresses become facts of
/// devices.
/// </summary>
internal sealed class ConnLogRows
{
    private readonly RecordSetBuilder _builder = new();
    private readonly Dictionary<IpAddress, string?> _macs = [];

    public void Add(ConnLogEntry entry)
    {
        var (start, source, destination, protocol) = (
            entry.StartMs ?? throw Missing("ts"),
            entry.Source ?? throw Missing("id.orig_h"),
            entry.Destination ?? throw Missing("id.resp_h"),
            entry.Protocol ?? throw Missing("proto"));
        var hasPorts = !protocol.StartsWith("icmp", StringComparison.OrdinalIgnoreCase);
        _builder.Add(
            new ConnectionRecord
            {
                StartMs = start,
                DurationSeconds = entry.DurationSeconds,
                Source = _builder.Address(source),
                Destination = _builder.Address(destination),
                SourcePort = hasPorts ? entry.SourcePort : (ushort)0,
                DestinationPort = hasPorts ? entry.DestinationPort : (ushort)0,
                Protocol = _builder.Protocol(protocol),
                Service = _builder.Service(entry.Service),
                State = entry.State,
                OrigBytes = entry.OrigBytes,
                RespBytes = entry.RespBytes,
                OrigPackets = entry.OrigPackets,
                RespPackets = entry.RespPackets,
            },
            entry.Uid);
        Note(source, entry.SourceMac);
        Note(destination, entry.DestinationMac);
    }

    public RecordSet Build(AddressRules rules)
    {
        var devices = _macs
            .Where(pair => pair.Value is not null && rules.IsDevice(pair.Key))
            .ToDictionary(pair => pair.Key, pair => new DeviceFacts { Mac = pair.Value });
        return _builder.Build(new RecordFacts { Devices = devices }, rules);
    }

    private static FormatException Missing(string field) => new($"no {field}; is this a Zeek conn.log?");

    /// <summary>An address behind several MAC addresses, as behind routers, has none of its own; a group address is nobody's.</summary>
    private void Note(IpAddress address, string? mac)
    {
        if (mac is null || mac.Length < 2 || !char.IsAsciiHexDigit(mac[1]) || (mac[1] & 1) == 1 == char.IsAsciiDigit(mac[1]))
        {
            return;
        }

        if (!_macs.TryAdd(address, mac) && _macs[address] != mac)
        {
            _macs[address] = null;
        }
    }
}
