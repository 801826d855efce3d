using System.Runtime.InteropServices;
using DtMcp.Darktrace.Reading;

namespace DtMcp.Traffic.Condensing.Hunting;

/// <summary>Which connections belong together: source, destination, destination port and IP protocol.</summary>
internal readonly record struct ChannelKey(int Source, int Destination, ushort Port, ushort Protocol)
{
    public override int GetHashCode() =>
        (int)KeyedHash.OfProcess.Place(((ulong)(uint)Source << 32) | (uint)Destination, ((ulong)Port << 16) | Protocol);
}

/// <summary>All connections of one <see cref="ChannelKey"/>, summed. A sensor's made-up bytes are in none of the sums of bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Channel
{
    public ChannelKey Key;
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
/// One start of an outbound connection, for its channel, with the bytes of both directions: those sent alone are not known of every row.
/// </summary>
internal readonly record struct Beat(long Start, long Bytes);
