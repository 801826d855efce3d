using System.Buffers.Binary;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Flows;

/// <summary>Where a row says a detail of an end: a text without escapes, or a whole number.</summary>
internal readonly record struct DetailMark(FlowField Field, int Start, int Length);

/// <summary>
/// What rows say of endpoints, kept as the bytes that came: for each endpoint a run of (field, length, text) ended by a zero field. Most of
/// it is never asked for, and a string costs several times as much as its bytes.
/// </summary>
internal sealed class HostNotes
{
    /// <summary>Some thousand endpoints a block, and small beside a capture.</summary>
    private const int BlockBytes = 256 * 1024;

    /// <summary>A longer text is not noted but described: nothing that names a device is longer.</summary>
    public const int LongestText = 1024;

    private List<byte[]> _blocks = [];
    private (int Block, int Offset)[] _places = [];
    private int _used = BlockBytes;
    private long _bytes;

    /// <summary>Bytes of memory.</summary>
    public long Size => (_places.Length * 8L) + _bytes;

    /// <summary>Bytes that a note of these marks takes.</summary>
    public static int BytesOf(ReadOnlySpan<DetailMark> marks, FlowField side)
    {
        var bytes = 1;
        foreach (var mark in marks)
        {
            bytes += SideOf(mark.Field) == side ? mark.Length + 3 : 0;
        }

        return bytes;
    }

    public bool Has(int id) => id < _places.Length && _places[id].Block != 0;

    /// <summary>The note of an endpoint, with its end; empty when there is none.</summary>
    public ReadOnlySpan<byte> Note(int id)
    {
        if (!Has(id))
        {
            return default;
        }

        var note = _blocks[_places[id].Block - 1].AsSpan(_places[id].Offset);
        return note[..(LengthOf(note) + 1)];
    }

    /// <summary>Adds a note of another table.</summary>
    public void Add(int id, ReadOnlySpan<byte> note) => note.CopyTo(Room(id, note.Length));

    /// <summary>Forgets all notes.</summary>
    public void Clear()
    {
        Array.Clear(_places);
        if (_blocks.Count > 0)
        {
            _blocks.RemoveRange(1, _blocks.Count - 1);
            (_used, _bytes) = (0, _blocks[0].Length);
        }
    }

    private static int LengthOf(ReadOnlySpan<byte> note)
    {
        var length = 0;
        while (note[length] != 0)
        {
            length += 3 + BinaryPrimitives.ReadUInt16LittleEndian(note[(length + 1)..]);
        }

        return length;
    }

    public HostDetails? Read(int id)
    {
        if (!Has(id))
        {
            return null;
        }

        var note = _blocks[_places[id].Block - 1].AsSpan(_places[id].Offset);
        var marks = new List<DetailMark>();
        for (var at = 0; note[at] != 0;)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(note[(at + 1)..]);
            marks.Add(new DetailMark((FlowField)note[at], at + 3, length));
            at += 3 + length;
        }

        return Read(note, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(marks), FlowField.Source);
    }

    /// <summary>What the marks of one side say.</summary>
    public static HostDetails Read(ReadOnlySpan<byte> text, ReadOnlySpan<DetailMark> marks, FlowField side)
    {
        var entry = new DeviceEntry();
        foreach (var mark in marks)
        {
            if (SideOf(mark.Field) != side)
            {
                continue;
            }

            var slice = new TextSlice(mark.Start, mark.Length, false);
            switch (Inside(mark.Field))
            {
                case DeviceField.FirstSeen when JsonScalar.TryTime(slice.In(text), out var time):
                    entry.FirstSeen = time;
                    entry.Present |= DeviceDetails.FirstSeen;
                    break;
                case DeviceField.LastSeen when JsonScalar.TryTime(slice.In(text), out var time):
                    entry.LastSeen = time;
                    entry.Present |= DeviceDetails.LastSeen;
                    break;
                case DeviceField.SubnetId when JsonScalar.TryWhole(slice.In(text), out var sid):
                    entry.SubnetId = sid;
                    entry.Present |= DeviceDetails.SubnetId;
                    break;
                case DeviceField.Tag:
                    entry.AddTag(slice);
                    break;
                case >= DeviceField.Hostname and var name:
                    entry.SetText(name, slice);
                    break;
                default:
                    break;
            }
        }

        return entry.Describe(text);
    }

    public void Add(int id, ReadOnlySpan<byte> row, ReadOnlySpan<DetailMark> marks, FlowField side)
    {
        var to = Room(id, BytesOf(marks, side));
        foreach (var mark in marks)
        {
            if (SideOf(mark.Field) == side)
            {
                to[0] = (byte)((int)FlowField.Source + (int)Inside(mark.Field));
                BinaryPrimitives.WriteUInt16LittleEndian(to[1..], (ushort)mark.Length);
                row.Slice(mark.Start, mark.Length).CopyTo(to[3..]);
                to = to[(3 + mark.Length)..];
            }
        }

        to[0] = 0;
    }

    /// <summary>Keeps the notes of the endpoints that stay, under their new ids.</summary>
    public void Remap(EndpointRemap remap)
    {
        var (places, blocks) = (_places, _blocks);
        (_places, _blocks, _used, _bytes) = ([], [], BlockBytes, 0);
        for (var id = 0; id < Math.Min(places.Length, remap.Count); id++)
        {
            if (places[id].Block != 0 && remap.NewId(id) is >= 0 and var to)
            {
                var note = blocks[places[id].Block - 1].AsSpan(places[id].Offset);
                Add(to, note[..(LengthOf(note) + 1)]);
            }
        }
    }

    // Where a note of an endpoint goes.
    private Span<byte> Room(int id, int bytes)
    {
        if (_used + bytes > (_blocks.Count == 0 ? 0 : _blocks[^1].Length))
        {
            _blocks.Add(new byte[Math.Max(BlockBytes, bytes)]);
            _bytes += _blocks[^1].Length;
            _used = 0;
        }

        if (id >= _places.Length)
        {
            Array.Resize(ref _places, Math.Max(256, (id + 1) * 2));
        }

        _places[id] = (_blocks.Count, _used);
        _used += bytes;
        return _blocks[^1].AsSpan(_used - bytes, bytes);
    }

    private static FlowField SideOf(FlowField field) => field < FlowField.Destination ? FlowField.Source : FlowField.Destination;

    private static DeviceField Inside(FlowField field) => (DeviceField)((int)field & 31);
}
