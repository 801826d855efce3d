using System.Text.Json;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>The summary of the sdk dialect, counted while its rows go by.</summary>
internal sealed class TrafficTally(RecordSet records)
{
    private const int MaxPorts = 10;

    private readonly long[] _protocols = new long[records.Protocols.Count];
    private readonly long[] _ports = new long[ushort.MaxValue + 1];
    private long _connections;
    private long _bytes;
    private long _packets;

    public void Add(in ConnectionRecord row)
    {
        _connections++;
        _bytes += row.Bytes;
        _packets += row.Packets;
        _protocols[row.Protocol]++;
        _ports[row.DestinationPort]++;
    }

    public void Write(Utf8JsonWriter json, Filter window)
    {
        json.WriteStartObject();
        json.WriteNumber("totalconnections"u8, _connections);
        json.WriteNumber("totalbytes"u8, _bytes);
        json.WriteNumber("totalpackets"u8, _packets);
        json.WriteStartObject("timerange"u8);
        json.WriteNumber("start"u8, window.StartMs);
        json.WriteNumber("end"u8, window.EndMs);
        json.WriteEndObject();
        json.WriteStartArray("topprotocols"u8);
        foreach (var id in Enumerable.Range(0,
            _protocols.Length).Where(id => _protocols[id] > 0).OrderByDescending(id => _protocols[id]).ThenBy(id => id))
        {
            json.WriteStartObject();
            json.WriteString("protocol"u8, records.Protocols[id].ToLowerInvariant());
            json.WriteNumber("percentage"u8, Percentage(_protocols[id]));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("topports"u8);
        foreach (var port in Enumerable.Range(1,
            ushort.MaxValue).Where(port => _ports[port] > 0).OrderByDescending(port => _ports[port]).ThenBy(port => port).Take(MaxPorts))
        {
            json.WriteStartObject();
            json.WriteNumber("port"u8, port);
            json.WriteNumber("percentage"u8, Percentage(_ports[port]));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private decimal Percentage(long count) => Math.Round(100m * count / _connections, 1, MidpointRounding.AwayFromZero);
}
