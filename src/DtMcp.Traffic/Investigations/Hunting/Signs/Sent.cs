using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Queries.Channels;

namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>What went from one device to one destination outside.</summary>
internal readonly record struct Sent(Sum Out, Sum In, Sum Uploads, long Most, int Port, long First, long Last,
    ulong Hours)
{
    /// <summary>
    /// All that was sent, when it is three times what came; else what went in connections that are uploads by themselves.
    /// </summary>
    public long Upload => Out / ChannelQuery.UploadRatio >= In ? Out : Uploads;

    public Sent With(in Channel channel) => new(
        Out + channel.BytesOut, In + channel.BytesIn, Uploads + channel.UploadOut,
        Math.Max(Most, channel.BytesOut),
        channel.BytesOut > Most || (channel.BytesOut == Most && channel.Key.Port < Port) ? channel.Key.Port : Port,
        Out == 0 ? channel.First : Math.Min(First, channel.First),
        Out == 0 ? channel.Last : Math.Max(Last, channel.Last),
        Hours | channel.Hours);
}
