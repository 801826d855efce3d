using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>Which connections belong together: source, destination, destination port and IP protocol.</summary>
internal readonly record struct ConnectionKey(int Source, int Destination, ushort Port, ushort Protocol)
{
    public override int GetHashCode() =>
        (int)KeyedHash.OfProcess.Place(((ulong)(uint)Source << 32) | (uint)Destination, ((ulong)Port << 16) | Protocol);
}

/// <summary>
/// All connections of one <see cref="ConnectionKey"/>, summed. A sensor's made-up bytes are in none of the sums of bytes.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct ConnectionPair
{
    public ConnectionKey Key;
    public bool GoesOut;
    public long Connections;
    public long Failed;
    public long Answered;
    public Sum Bytes;
    public Sum BytesOut;
    public Sum UploadOut;
    public Sum UploadIn;
    public long Uploads;
    public long First;
    public long Last;
    public int LongestMs;

    /// <summary>Bytes received, where those sent are known.</summary>
    public readonly long BytesIn => Bytes - BytesOut;
}

/// <summary>
/// One start of an outbound connection, for its pair, with the bytes of both directions: those sent alone are not known of every row.
/// </summary>
internal readonly record struct Beat(long Start, long Bytes);
