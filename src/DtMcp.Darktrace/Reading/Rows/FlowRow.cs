using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Rows;

/// <summary>One connection while it is read. It enters a <see cref="FlowSet"/> only when it is whole.</summary>
internal sealed class FlowRow
{
    public DeviceEntry Source { get; } = new();

    public DeviceEntry Destination { get; } = new();

    public TextSlice Protocol { get; set; }

    public TextSlice ApplicationProtocol { get; set; }

    public long Start { get; set; }

    public long End { get; set; }

    public int Duration { get; set; }

    public ushort SourcePort { get; set; }

    public ushort DestinationPort { get; set; }

    public long Bytes { get; set; }

    public long BytesOut { get; set; }

    public long Packets { get; set; }

    public FlowTraits Traits { get; set; }

    /// <summary>Fields that hold a usable value, the ends aside.</summary>
    public FlowFields Filled { get; set; }

    /// <summary>Values that were not usable as they came.</summary>
    public InvalidValues Invalid { get; } = new();

    public void Clear()
    {
        Source.Clear();
        Destination.Clear();
        Protocol = ApplicationProtocol = default;
        Start = End = FlowChunk.UnknownStart;
        Duration = FlowChunk.Unknown;
        SourcePort = DestinationPort = 0;
        Bytes = Packets = 0;
        BytesOut = FlowChunk.Unknown;
        Traits = FlowTraits.None;
        Filled = FlowFields.None;
        Invalid.Clear();
    }
}
