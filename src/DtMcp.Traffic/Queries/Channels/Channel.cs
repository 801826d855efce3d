using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Queries.Channels;

/// <summary>Which connections are one channel: source, destination, destination port and IP protocol.</summary>
internal readonly record struct ChannelKey(int Source, int Destination, ushort Port, ushort Protocol)
{
    public override int GetHashCode() =>
        (int)KeyedHash.OfProcess.Place(((ulong)(uint)Source << 32) | (uint)Destination, ((ulong)Port << 16) | Protocol);
}

/// <summary>Where a channel goes, seen from the inside.</summary>
internal enum Way : byte
{
    Inside,
    Out,
    In,
}

/// <summary>
/// All connections of one <see cref="ChannelKey"/>, summed. A sensor's made-up bytes are in none of the sums of bytes.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct Channel
{
    public ChannelKey Key;
    public Way Way;

    /// <summary>Hours of the day since 1970, modulo 64, in which any started: enough to tell one burst from a day.</summary>
    public ulong Hours;
    public int Connections;
    public int Failed;

    /// <summary>Those that failed and carried nothing: refused, or never answered.</summary>
    public int Refused;
    public int Answered;

    /// <summary>Those in which both ends are known to have sent something; where the rows do not say who sent, those with a byte.</summary>
    public int TwoWay;

    /// <summary>Connections that are uploads, one by one (<see cref="ChannelQuery.UploadConnectionBytes"/>).</summary>
    public int Uploads;
    public int LongestMs;
    public Sum Bytes;
    public Sum BytesOut;
    public Sum UploadOut;
    public Sum UploadIn;

    /// <summary>Bytes of the longest connection.</summary>
    public long LongestBytes;
    public long First;
    public long Last;

    public readonly bool GoesOut => Way == Way.Out;

    /// <summary>Whether nothing of it was answered.</summary>
    public readonly bool IsInVain => Failed == Connections && Bytes == 0;

    /// <summary>Bytes received, where those sent are known.</summary>
    public readonly long BytesIn => Bytes - BytesOut;

    public readonly int FilledHours => System.Numerics.BitOperations.PopCount(Hours);
}
