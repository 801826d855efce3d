using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Packing;

/// <summary>
/// A whole set of connections as its columns, one after another, and back. The form is that of one version of the program
/// (<see cref="Version"/>); who reads it knows that nobody else wrote it.
/// </summary>
public static class PackedFlows
{
    /// <summary>
    /// Grows by one with every change of what is written here, in <see cref="PackedTables"/> or in <see cref="PackedValues"/>.
    /// </summary>
    public const int Version = 1;

    public static void Write(BinaryWriter to, FlowSet flows)
    {
        if (!flows.IsWhole)
        {
            throw new InvalidOperationException("Only a set whose rows are all kept can be packed.");
        }

        to.Write(flows.Window is not null);
        if (flows.Window is { } window)
        {
            to.Write(window.StartMs);
            to.Write(window.EndMs);
        }

        to.Write((int)flows.Seen);
        to.Write(flows.HasServices);
        to.Write(flows.Outside);
        to.WriteInvalid(flows.Invalid);
        WriteHosts(to, flows.Hosts);
        WriteNames(to, flows.Protocols);
        WriteNames(to, flows.ApplicationProtocols);
        to.WriteList(flows.Chunks, WriteChunk);
    }

    /// <exception cref="InvalidDataException">An id leads nowhere.</exception>
    public static FlowSet Read(BinaryReader from)
    {
        var flows = new FlowSet
        {
            Window = from.ReadBoolean() ? new TimeWindow(from.ReadInt64(), from.ReadInt64()) : null,
            Seen = (FlowFields)from.ReadInt32(),
            HasServices = from.ReadBoolean(),
            Outside = from.ReadInt64(),
        };
        from.ReadInvalid(flows.Invalid);
        ReadHosts(from, flows.Hosts);
        ReadNames(from, flows.Protocols);
        ReadNames(from, flows.ApplicationProtocols);
        for (var chunks = from.ReadInt32(); chunks > 0; chunks--)
        {
            flows.Accept(ReadChunk(from, flows));
        }

        return flows;
    }

    public static void WriteHosts(BinaryWriter to, HostTable hosts)
    {
        to.Write(hosts.Count);
        for (var id = 0; id < hosts.Count; id++)
        {
            to.WriteAddress(hosts.Address(id));
            to.Write(hosts.Did(id));
            to.Write(hosts.ReportedInside(id) switch { null => (byte)0, true => (byte)1, false => (byte)2 });
            to.WriteText(hosts.Text(id));
            var note = hosts.Note(id);
            to.Write7BitEncodedInt(note.Length);
            to.Write(note);
            to.WriteDetails(hosts.Described(id));
        }

        to.Write(hosts.DetailsLeftOut);
        to.Write(hosts.NamesLeftOut);
        to.Write(hosts.HasCut);
    }

    public static void ReadHosts(BinaryReader from, HostTable hosts)
    {
        for (var count = from.ReadInt32(); count > 0; count--)
        {
            var address = from.ReadAddress();
            var did = from.ReadInt64();
            bool? isInside = from.ReadByte() switch { 0 => null, 1 => true, _ => false };
            var name = from.ReadText();
            var note = from.ReadBytes(from.Read7BitEncodedInt());
            hosts.Restore(address, did, isInside, name, note, from.ReadDetails());
        }

        hosts.Restored(from.ReadInt64(), from.ReadInt64(), from.ReadBoolean());
    }

    // The first is "unknown" in every table.
    private static void WriteNames(BinaryWriter to, NameTable names)
    {
        to.Write(names.Count - 1);
        for (var id = 1; id < names.Count; id++)
        {
            to.Write(names[(ushort)id]);
        }

        to.Write(names.HasCut);
        to.Write(names.Overflowed);
    }

    private static void ReadNames(BinaryReader from, NameTable names) =>
        names.Restore(from.ReadList(reader => reader.ReadString()) ?? [], from.ReadBoolean(), from.ReadBoolean());

    private static void WriteChunk(BinaryWriter to, FlowChunk chunk)
    {
        var rows = chunk.Count;
        to.Write(rows);

        // Starts rise slowly: the steps between them are small.
        var starts = new long[rows];
        for (var i = 0; i < rows; i++)
        {
            starts[i] = unchecked(chunk.Start(i) - (i == 0 ? 0 : chunk.Start(i - 1)));
        }

        Write(to, starts, rows);
        Write(to, chunk.Duration, rows);
        Write(to, chunk.Source, rows);
        Write(to, chunk.Destination, rows);
        Write(to, chunk.SourcePort, rows);
        Write(to, chunk.DestinationPort, rows);
        Write(to, chunk.Protocol, rows);
        Write(to, chunk.ApplicationProtocol, rows);
        Write(to, chunk.Traits, rows);
        Write(to, chunk.Bytes, rows);
        Write(to, chunk.Packets, rows);
        var sent = chunk.BytesOut[..rows];
        var isSent = sent.ContainsAnyExcept(FlowChunk.Unknown);
        to.Write(isSent);
        if (isSent)
        {
            to.Write(MemoryMarshal.AsBytes(sent));
        }
    }

    private static FlowChunk ReadChunk(BinaryReader from, FlowSet flows)
    {
        var rows = from.ReadInt32();
        if (rows is < 1 or > FlowChunk.Capacity)
        {
            throw new InvalidDataException("A chunk has more rows than it can.");
        }

        var chunk = flows.Rent();
        var column = new long[rows];
        Read(from, column, rows);
        var start = 0L;
        for (var i = 0; i < rows; i++)
        {
            start = unchecked(start + column[i]);
            chunk.SetStart(i, start);
        }

        Read(from, chunk.Duration, rows);
        Read(from, chunk.Source, rows);
        Read(from, chunk.Destination, rows);
        Read(from, chunk.SourcePort, rows);
        Read(from, chunk.DestinationPort, rows);
        Read(from, chunk.Protocol, rows);
        Read(from, chunk.ApplicationProtocol, rows);
        Read(from, chunk.Traits, rows);
        Read(from, chunk.Bytes, rows);
        Read(from, chunk.Packets, rows);
        var isSent = from.ReadBoolean();
        if (isSent)
        {
            Read(from, column, rows);
        }

        for (var i = 0; i < rows; i++)
        {
            chunk.SetBytesOut(i, isSent ? column[i] : FlowChunk.Unknown);
        }

        chunk.Count = rows;
        return Checked(chunk, flows);
    }

    private static FlowChunk Checked(FlowChunk chunk, FlowSet flows)
    {
        var hosts = (uint)flows.Hosts.Count;
        for (var i = 0; i < chunk.Count; i++)
        {
            if ((uint)chunk.Source[i] >= hosts || (uint)chunk.Destination[i] >= hosts
                || !Has(flows.Protocols, chunk.Protocol[i]) || !Has(flows.ApplicationProtocols, chunk.ApplicationProtocol[i]))
            {
                throw new InvalidDataException("A row has an end or a name that is in no table.");
            }
        }

        return chunk;
    }

    private static bool Has(NameTable names, ushort id) => id < names.Count || (id == ushort.MaxValue && names.Overflowed);

    private static void Write<T>(BinaryWriter to, T[] column, int rows)
        where T : unmanaged => to.Write(MemoryMarshal.AsBytes(column.AsSpan(0, rows)));

    private static void Read<T>(BinaryReader from, T[] column, int rows)
        where T : unmanaged => from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(column.AsSpan(0, rows)));
}
