using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;

namespace DtMcp.Darktrace.Packing;

/// <summary>The guide's tables and series as bytes, and back.</summary>
public static class PackedTables
{
    public static void Write(BinaryWriter to, Connectivity tables)
    {
        to.Write(tables.Size);
        foreach (var named in new[] { tables.Status, tables.PeerSubnets, tables.IntExt, tables.Protocols, tables.ApplicationProtocols })
        {
            to.WriteList(named, WriteNamed);
        }

        to.WriteList(tables.RemotePorts, WritePort);
        to.WriteList(tables.LocalPorts, WritePort);
        to.WriteList(tables.Peers, static (writer, peer) =>
        {
            writer.Write(peer.Device);
            writer.WriteText(peer.Ip);
            WriteBytes(writer, peer.Bytes);
        });
        to.WriteList(tables.Devices, static (writer, device) =>
        {
            writer.Write(device.Did);
            writer.WriteText(device.Ip);
            writer.Write(device.Size);
            writer.WriteWhole(device.TimeMs);
            writer.WriteText(device.Network);
            writer.WriteDetails(device.Details);
            writer.WriteWhole(device.Sid);
        });
        to.WriteList(tables.ExternalDevices, static (writer, device) =>
        {
            writer.WriteWhole(device.Id);
            writer.WriteText(device.Ip);
            writer.WriteText(device.Name);
            writer.Write(device.Size);
            writer.WriteWhole(device.TimeMs);
            writer.WriteDetails(device.Details);
        });
        to.WriteList(tables.Subnets, static (writer, subnet) =>
        {
            writer.Write(subnet.Sid);
            writer.WriteText(subnet.Network);
            writer.WriteText(subnet.Label);
            writer.Write(subnet.Size);
            writer.WriteWhole(subnet.TimeMs);
        });
        to.Write(tables.Metric is not null);
        if (tables.Metric is { } metric)
        {
            to.WriteWhole(metric.Mlid);
            to.WriteText(metric.Name);
            to.WriteText(metric.Label);
            to.WriteText(metric.Units);
        }

        to.WriteList(tables.Connections, static (writer, pair) =>
        {
            WriteEnd(writer, pair.Source);
            WriteEnd(writer, pair.Target);
            writer.WriteWhole(pair.TimeMs);
            writer.Write(pair.Score is not null);
            writer.Write(pair.Score ?? 0);
        });
    }

    public static Connectivity ReadConnectivity(BinaryReader from) => new()
    {
        Size = from.ReadInt64(),
        Status = from.ReadList(ReadNamed),
        PeerSubnets = from.ReadList(ReadNamed),
        IntExt = from.ReadList(ReadNamed),
        Protocols = from.ReadList(ReadNamed),
        ApplicationProtocols = from.ReadList(ReadNamed),
        RemotePorts = from.ReadList(ReadPort),
        LocalPorts = from.ReadList(ReadPort),
        Peers = from.ReadList(static reader => new PeerBytes(reader.ReadString(), reader.ReadText(), ReadBytes(reader))),
        Devices = from.ReadList(static reader => new ConnectivityDevice(reader.ReadInt64(), reader.ReadText(), reader.ReadInt64(),
            reader.ReadWhole(), reader.ReadText(), reader.ReadDetails()!)
        {
            Sid = reader.ReadWhole(),
        }),
        ExternalDevices = from.ReadList(static reader => new ExternalDevice(reader.ReadWhole(), reader.ReadText(), reader.ReadText(),
            reader.ReadInt64(), reader.ReadWhole(), reader.ReadDetails()!)),
        Subnets = from.ReadList(static reader => new ConnectivitySubnet(
            reader.ReadInt64(), reader.ReadText(), reader.ReadText(), reader.ReadInt64(), reader.ReadWhole())),
        Metric = from.ReadBoolean()
            ? new MetricInfo(from.ReadWhole(), from.ReadText(), from.ReadText(), from.ReadText())
            : null,
        Connections = from.ReadList(static reader => new ConnectivityPair(ReadEnd(reader), ReadEnd(reader), reader.ReadWhole(),
            ReadScore(reader))),
    };

    public static void Write(BinaryWriter to, Series series)
    {
        to.Write(series.Metric);
        PackedFlows.WriteHosts(to, series.Hosts);
        to.WriteList(series.Points, static (writer, point) =>
        {
            writer.Write(point.TimeMs);
            writer.Write(point.Host);
            writer.Write(point.BytesIn);
            writer.Write(point.BytesOut);
            writer.WriteWhole(point.PacketsIn);
            writer.WriteWhole(point.PacketsOut);
            writer.WriteWhole(point.Connections);
        });
        to.WriteInvalid(series.Invalid);
    }

    /// <exception cref="InvalidDataException">An id leads nowhere.</exception>
    public static Series ReadSeries(BinaryReader from)
    {
        var metric = from.ReadString();
        var hosts = new HostTable();
        PackedFlows.ReadHosts(from, hosts);
        var points = from.ReadList(static reader => new SeriesPoint(reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64(),
            reader.ReadInt64(), reader.ReadWhole(), reader.ReadWhole(), reader.ReadWhole())) ?? [];
        var series = new Series { Metric = metric, Hosts = hosts, Points = points };
        from.ReadInvalid(series.Invalid);
        return points.All(point => (uint)point.Host < (uint)hosts.Count)
            ? series
            : throw new InvalidDataException("A point has a device that is in no table.");
    }

    private static void WriteBytes(BinaryWriter to, InOut bytes)
    {
        to.WriteWhole(bytes.In);
        to.WriteWhole(bytes.Out);
    }

    private static InOut ReadBytes(BinaryReader from) => new(from.ReadWhole(), from.ReadWhole());

    private static void WriteNamed(BinaryWriter to, NamedBytes named)
    {
        to.Write(named.Name);
        WriteBytes(to, named.Bytes);
    }

    private static NamedBytes ReadNamed(BinaryReader from) => new(from.ReadString(), ReadBytes(from));

    private static void WritePort(BinaryWriter to, PortBytes port)
    {
        to.Write(port.Port);
        WriteBytes(to, port.Bytes);
    }

    private static PortBytes ReadPort(BinaryReader from) => new(from.ReadInt32(), ReadBytes(from));

    private static void WriteEnd(BinaryWriter to, ConnectionEnd end)
    {
        to.Write(end.Id);
        to.WriteText(end.Ip);
        to.Write((byte)end.Type);
    }

    private static ConnectionEnd ReadEnd(BinaryReader from) => new(from.ReadInt64(), from.ReadText(), (ConnectionEndType)from.ReadByte());

    private static double? ReadScore(BinaryReader from) => (from.ReadBoolean(), from.ReadDouble()) is (true, var score) ? score : null;
}
