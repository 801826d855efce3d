using System.Text;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Network;

/// <summary>
/// Collects <c>{"metric":"..","data":[{"timestamp":1,"device":{"did":1,"ip":".."},
/// "bytes_in":1,"bytes_out":2,"packets_in":3,"packets_out":4,"connections":5}]}</c>.
/// </summary>
internal sealed class SeriesBuilder
{
    private static readonly HostDetails Nothing = new();

    private HostTable _hosts = new();
    private List<SeriesPoint>? _points;

    public string? Metric { get; set; }

    public bool IsPresent => Metric is not null || _points is not null;

    public long Rows { get; private set; }

    /// <summary>Points without a usable time, which cannot be placed, and sizes below zero.</summary>
    public InvalidValues Invalid { get; private set; } = new();

    /// <summary>The last of a repeated <c>data</c> wins.</summary>
    public void Begin()
    {
        (_hosts, _points) = (new HostTable(), []);
        (Rows, Invalid) = (0, new InvalidValues());
    }

    public void Add(FlatEntry entry)
    {
        Rows++;
        var said = entry.Text("timestamp") ?? "";
        if (!TimeUnits.TryParse(Encoding.UTF8.GetBytes(said), out var time, out var unit))
        {
            Invalid.Add(InvalidKind.Other, "timestamp", said);
            return;
        }

        if (unit is { } odd)
        {
            Invalid.Add(odd, "timestamp", said);
        }

        var ip = entry.Text("device.ip") ?? entry.Text("device.ips.ip", "device.ips") ?? entry.Text("device");
        var did = entry.Whole("device.did") ?? HostTable.NoDid;
        var host = ip is not null && NetAddress.TryParse(ip, out var address)
            ? _hosts.GetOrAdd(address, did)
            : _hosts.GetOrAdd(NetAddress.None, did, ip ?? entry.Text("device.hostname"));
        var details = entry.Details("device.");
        if (_hosts.Details(host) is null && details != Nothing)
        {
            _hosts.Describe(host, details);
        }

        _points!.Add(new SeriesPoint(
            time, host, Size(entry, "bytesin") ?? 0, Size(entry, "bytesout") ?? 0, Size(entry, "packetsin"), Size(entry, "packetsout"),
            Size(entry, "connections")));
    }

    public Series Build() => new() { Metric = Metric ?? "unknown", Hosts = _hosts, Points = _points ?? [], Invalid = Invalid };

    private long? Size(FlatEntry entry, string name)
    {
        if (entry.Whole(name) is < 0)
        {
            Invalid.Add(InvalidKind.Size, name, entry.Text(name)!);
        }

        return entry.Size(name);
    }
}
