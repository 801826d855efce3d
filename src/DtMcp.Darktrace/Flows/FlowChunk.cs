namespace DtMcp.Darktrace.Flows;

/// <summary>
/// Up to <see cref="Capacity"/> connections as columns, 41 bytes a connection, 49 with bytes by direction. Only the first
/// <see cref="Count"/> entries of each column mean anything. Hosts and names are ids into the <see cref="FlowSet"/> that the chunk belongs
/// to.
/// </summary>
public sealed class FlowChunk
{
    /// <summary>
    /// Connections in a full chunk: its columns take 670 KB, which is still in the second-level cache when they are counted, and a
    /// capture of a hundred connections does not take much more than it needs.
    /// </summary>
    public const int Capacity = 16_384;

    /// <summary><see cref="Start(int)"/> of a connection whose start is unknown.</summary>
    public const long UnknownStart = long.MinValue;

    /// <summary>A duration or a number of originator bytes that is unknown.</summary>
    public const int Unknown = -1;

    // Answers of /network do not say who sent: one column does for all their chunks.
    private static readonly long[] NoneSent = Unknowns();

    /// <summary>A start that is unknown among <see cref="_starts"/>.</summary>
    private const int UnknownOffset = int.MinValue;

    private readonly int[] _starts = GC.AllocateUninitializedArray<int>(Capacity);
    private long[] _bytesOut = NoneSent;

    // The first start that is known; the others are milliseconds from it, up to 24 days. Those further off make a column of their own.
    private long _firstStart;
    private long[]? _farStarts;

    public int Count { get; set; }

    /// <summary>Duration in milliseconds, saturated at <see cref="int.MaxValue"/> (24 days), or <see cref="Unknown"/>.</summary>
    public int[] Duration { get; } = GC.AllocateUninitializedArray<int>(Capacity);

    /// <summary>Originator: an id of <see cref="FlowSet.Hosts"/>.</summary>
    public int[] Source { get; } = GC.AllocateUninitializedArray<int>(Capacity);

    /// <summary>Responder: an id of <see cref="FlowSet.Hosts"/>.</summary>
    public int[] Destination { get; } = GC.AllocateUninitializedArray<int>(Capacity);

    /// <summary>0 when there is none (ICMP) or it is unknown.</summary>
    public ushort[] SourcePort { get; } = GC.AllocateUninitializedArray<ushort>(Capacity);

    /// <summary>0 when there is none (ICMP) or it is unknown.</summary>
    public ushort[] DestinationPort { get; } = GC.AllocateUninitializedArray<ushort>(Capacity);

    /// <summary>An id of <see cref="FlowSet.Protocols"/>.</summary>
    public ushort[] Protocol { get; } = GC.AllocateUninitializedArray<ushort>(Capacity);

    /// <summary>An id of <see cref="FlowSet.ApplicationProtocols"/>; <see cref="NameTable.UnknownId"/> when missing.</summary>
    public ushort[] ApplicationProtocol { get; } = GC.AllocateUninitializedArray<ushort>(Capacity);

    public FlowTraits[] Traits { get; } = GC.AllocateUninitializedArray<FlowTraits>(Capacity);

    /// <summary>Bytes in both directions; 0 when missing.</summary>
    public long[] Bytes { get; } = GC.AllocateUninitializedArray<long>(Capacity);

    /// <summary>Bytes that the originator sent, or <see cref="Unknown"/>.</summary>
    public ReadOnlySpan<long> BytesOut => _bytesOut;

    /// <summary>Packets in both directions; 0 when missing.</summary>
    public long[] Packets { get; } = GC.AllocateUninitializedArray<long>(Capacity);

    /// <summary>Bytes of memory.</summary>
    public long Size => (_farStarts is null ? 0L : Capacity * 8L) + Capacity * (ReferenceEquals(_bytesOut, NoneSent) ? 41L : 49L);

    /// <summary>Start in milliseconds since 1970, UTC, or <see cref="UnknownStart"/>.</summary>
    public long Start(int i) =>
        _farStarts is { } far ? far[i] : _starts[i] is var offset && offset != UnknownOffset ? _firstStart + offset : UnknownStart;

    /// <summary>Sets a start, in order from 0 up.</summary>
    public void SetStart(int i, long start)
    {
        if (i == 0)
        {
            (_firstStart, _farStarts) = (UnknownStart, null);
        }

        if (_farStarts is null)
        {
            _firstStart = _firstStart == UnknownStart ? start : _firstStart;
            var offset = start - _firstStart;
            if (start == UnknownStart || offset is > UnknownOffset and <= int.MaxValue)
            {
                _starts[i] = start == UnknownStart ? UnknownOffset : (int)offset;
                return;
            }

            var far = GC.AllocateUninitializedArray<long>(Capacity);
            for (var known = 0; known < i; known++)
            {
                far[known] = Start(known);
            }

            _farStarts = far;
        }

        _farStarts[i] = start;
    }

    /// <summary>Sets an entry of <see cref="BytesOut"/>.</summary>
    public void SetBytesOut(int i, long sent)
    {
        if (!ReferenceEquals(_bytesOut, NoneSent))
        {
            _bytesOut[i] = sent;
        }
        else if (sent != Unknown)
        {
            _bytesOut = Unknowns();
            _bytesOut[i] = sent;
        }
    }

    /// <summary>Adds rows of another chunk, for which there is room.</summary>
    internal void Append(FlowChunk other, int from, int rows)
    {
        var to = Count;
        for (var i = 0; i < rows; i++)
        {
            SetStart(to + i, other.Start(from + i));
            SetBytesOut(to + i, other._bytesOut[from + i]);
        }

        Array.Copy(other.Duration, from, Duration, to, rows);
        Array.Copy(other.Source, from, Source, to, rows);
        Array.Copy(other.Destination, from, Destination, to, rows);
        Array.Copy(other.SourcePort, from, SourcePort, to, rows);
        Array.Copy(other.DestinationPort, from, DestinationPort, to, rows);
        Array.Copy(other.Protocol, from, Protocol, to, rows);
        Array.Copy(other.ApplicationProtocol, from, ApplicationProtocol, to, rows);
        Array.Copy(other.Traits, from, Traits, to, rows);
        Array.Copy(other.Bytes, from, Bytes, to, rows);
        Array.Copy(other.Packets, from, Packets, to, rows);
        Count = to + rows;
    }

    private static long[] Unknowns()
    {
        var column = GC.AllocateUninitializedArray<long>(Capacity);
        Array.Fill(column, Unknown);
        return column;
    }
}
