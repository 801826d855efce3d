using System.IO.Compression;
using DtMcp.Darktrace.Packing;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Evidence.Packing;

/// <summary>
/// A whole capture as compressed columns, and back. What was found in it stays here. Who reads it knows that nobody else wrote it, and
/// that it is of the same program.
/// </summary>
internal static class PackedCapture
{
    // 41 to 49 bytes a connection: more than DTMCP_MAX_FLOWS allows in practice. A small blob that unpacks to more is none of ours.
    private const long MostUnpacked = 8L << 30;

    /// <summary>Writes a capture; level 1 of Brotli takes a tenth of the time that reading it took, and leaves a third.</summary>
    public static void Write(Stream to, Capture capture)
    {
        using var packed = new BrotliStream(to, CompressionLevel.Fastest, leaveOpen: true);
        using var buffered = new BufferedStream(packed, 1 << 16);
        using var writer = new BinaryWriter(buffered);
        WriteHead(writer, capture.Head);
        writer.Write((byte)capture.Evidence);
        writer.WriteList(capture.Notes, static (notes, note) => notes.Write(note));
        writer.Write((byte)(capture switch
        {
            { Flows: not null } => 1,
            { Connectivity: not null } => 2,
            { Series: not null } => 3,
            _ => 0,
        }));
        if (capture.Flows is { } flows)
        {
            PackedFlows.Write(writer, flows);
        }
        else if (capture.Connectivity is { } tables)
        {
            PackedTables.Write(writer, tables);
        }
        else if (capture.Series is { } series)
        {
            PackedTables.Write(writer, series);
        }
    }

    /// <exception cref="InvalidDataException">It is no packed capture of this program.</exception>
    /// <exception cref="IOException">It ends too early.</exception>
    public static Capture Read(Stream from)
    {
        using var unpacked = new BrotliStream(from, CompressionMode.Decompress, leaveOpen: true);
        using var bounded = new BoundedReading(unpacked, MostUnpacked);
        using var buffered = new BufferedStream(bounded, 1 << 16);
        using var reader = new BinaryReader(buffered);
        var head = ReadHead(reader);
        var capture = new Capture
        {
            Key = head.Key,
            ReadAt = head.ReadAt,
            LacksNames = head.LacksNames,
            Evidence = (EvidenceKind)reader.ReadByte(),
            Notes = reader.ReadList(static notes => notes.ReadString()) ?? [],
        };
        return reader.ReadByte() switch
        {
            0 => capture,
            1 => capture with { Flows = PackedFlows.Read(reader) },
            2 => capture with { Connectivity = PackedTables.ReadConnectivity(reader) },
            3 => capture with { Series = PackedTables.ReadSeries(reader) },
            _ => throw new InvalidDataException("A capture holds rows, tables or a series."),
        };
    }

    public static void WriteHead(BinaryWriter to, CaptureHead head)
    {
        WriteKey(to, head.Key);
        to.Write(head.ReadAt.ToUnixTimeMilliseconds());
        to.Write(head.HasRows);
        to.Write(head.LacksNames);
    }

    public static CaptureHead ReadHead(BinaryReader from) => new(
        ReadKey(from), DateTimeOffset.FromUnixTimeMilliseconds(from.ReadInt64()), from.ReadBoolean(), from.ReadBoolean());

    public static void WriteKey(BinaryWriter to, CaptureKey key)
    {
        to.Write(key.Window.StartMs);
        to.Write(key.Window.EndMs);
        to.Write(key.Records);
        to.Write(key.IsHistory);
        var filters = key.Filters;
        to.WriteWhole(filters.Did);
        to.Write(filters.Ip is not null);
        to.WriteAddress(filters.Ip ?? NetAddress.None);
        to.WriteWhole(filters.ViewSubnet);
        to.WriteText(filters.Metric);
        to.WriteWhole((int?)filters.IntExt);
        to.WriteText(filters.Protocol);
        to.WriteText(filters.ApplicationProtocol);
        to.WriteWhole(filters.Port);
        to.WriteWhole(filters.SourcePort);
        to.WriteWhole(filters.DestinationPort);
        to.WriteWhole(filters.FullDeviceDetails switch { null => null, true => 1, false => 0 });
        to.WriteText(filters.ResponseData);
        to.Write(filters.WindowAsText);
    }

    public static CaptureKey ReadKey(BinaryReader from)
    {
        var (start, end) = (from.ReadInt64(), from.ReadInt64());
        if (start > end)
        {
            throw new InvalidDataException("A window ends before it starts.");
        }

        var (records, isHistory) = (from.ReadBoolean(), from.ReadBoolean());
        return new CaptureKey(new TimeWindow(start, end), ReadFilters(from), records) { IsHistory = isHistory };
    }

    private static NetworkQuery ReadFilters(BinaryReader from) => new()
    {
        Did = from.ReadWhole(),
        Ip = (from.ReadBoolean(), from.ReadAddress()) is (true, var ip) ? ip : null,
        ViewSubnet = from.ReadWhole(),
        Metric = from.ReadText(),
        IntExt = (TrafficSide?)from.ReadWhole(),
        Protocol = from.ReadText(),
        ApplicationProtocol = from.ReadText(),
        Port = (int?)from.ReadWhole(),
        SourcePort = (int?)from.ReadWhole(),
        DestinationPort = (int?)from.ReadWhole(),
        FullDeviceDetails = from.ReadWhole() switch { null => null, var whole => whole == 1 },
        ResponseData = from.ReadText(),
        WindowAsText = from.ReadBoolean(),
    };
}
