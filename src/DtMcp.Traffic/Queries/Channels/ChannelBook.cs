using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Counting;

namespace DtMcp.Traffic.Queries.Channels;

/// <summary>
/// Answers a <see cref="ChannelQuery"/> over rows in one pass: sums by channel, and the start of each connection. At most
/// <see cref="MaxStarts"/> starts are kept (16 bytes each), <see cref="Overflowed"/> says when there were more; at most
/// <see cref="MaxChannels"/> channels, the lightest go beyond that.
/// </summary>
/// <param name="sides">Who is inside.</param>
/// <param name="query">What is wanted.</param>
internal sealed partial class ChannelBook(Sides sides, ChannelQuery query) : IFlowConsumer
{
    public const int MaxStarts = 2_000_000;

    private const long HourMs = 3_600_000;

    private readonly Dictionary<ChannelKey, int> _ids = [];
    private readonly PagedList<Channel> _channels = new();
    private readonly PagedList<ChannelStart> _starts = new();

    /// <summary>The most that a book of so many rows holds, with the lists that are made of it.</summary>
    public static long BytesOf(long rows) => (Math.Min(rows, MaxChannels) * 250) + (Math.Min(rows, MaxStarts) * 48);

    public bool Overflowed { get; private set; }

    /// <summary>Rows that were added, whatever became of their channels.</summary>
    public long Connections { get; private set; }

    /// <summary>What a sensor made up.</summary>
    public ArtefactBook Artefacts { get; } = new();

    /// <summary>First start and last end of any row.</summary>
    public long FirstMs { get; private set; } = long.MaxValue;

    public long LastMs { get; private set; } = long.MinValue;

    public long SpanMs => Math.Max(0, LastMs - FirstMs);

    public PagedList<Channel> All => _channels;

    public PagedList<ChannelStart> Starts => _starts;

    public void Consume(FlowSet flows, FlowChunk chunk)
    {
        var knowsState = (flows.Seen & FlowFields.State) != 0;
        Connections += chunk.Count;
        for (var i = 0; i < chunk.Count; i++)
        {
            var key = new ChannelKey(chunk.Source[i], chunk.Destination[i], chunk.DestinationPort[i], chunk.Protocol[i]);
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids, key, out var isKnown);
            if (!isKnown)
            {
                known = _channels.Count;
                ref var channel = ref _channels.Add();
                channel.Key = key;
                channel.Way = WayOf(flows.Hosts, key, chunk.Traits[i]);
                (channel.First, channel.Last) = (long.MaxValue, long.MinValue);
            }

            if ((chunk.Traits[i] & FlowTraits.SensorArtefact) != 0)
            {
                Artefacts.Add(flows, chunk, i, sides);
            }

            Add(ref _channels[known], known, chunk, i, knowsState);
        }

        if (_channels.Count > MaxChannels)
        {
            DropLightest(flows.Hosts);
        }
    }

    /// <summary>The starts of each channel with at least so many.</summary>
    public ChannelStarts StartsOf(int fewest) => new(this, fewest);

    private void Add(ref Channel channel, int id, FlowChunk chunk, int i, bool knowsState)
    {
        var (start, duration, traits) = (chunk.Start(i), chunk.Duration[i], chunk.Traits[i]);
        var (bytes, sent) = (chunk.Bytes[i], chunk.BytesOut[i]);
        var failed = Answered.Failed(chunk, i, knowsState);
        channel.Connections++;
        channel.Failed += failed ? 1 : 0;
        channel.Refused += failed && bytes == 0 ? 1 : 0;
        channel.Answered += Answered.Is(chunk, i, knowsState) ? 1 : 0;
        if (start != FlowChunk.UnknownStart)
        {
            channel.First = Math.Min(channel.First, start);
            channel.Last = Math.Max(channel.Last, start);
            channel.Hours |= 1UL << (int)(start / HourMs & 63);
            FirstMs = Math.Min(FirstMs, start);
            LastMs = Math.Max(LastMs, start + Math.Max(0, duration));
        }

        var isArtefact = (traits & FlowTraits.SensorArtefact) != 0;
        var carried = isArtefact ? 0 : bytes;
        if (duration > channel.LongestMs || (duration == channel.LongestMs && carried > channel.LongestBytes))
        {
            (channel.LongestMs, channel.LongestBytes) = (duration, carried);
        }

        if (isArtefact)
        {
            return;
        }

        channel.Bytes += bytes;
        if (sent >= 0)
        {
            channel.BytesOut += sent;
            channel.TwoWay += sent > 0 && bytes > sent ? 1 : 0;
            if (channel.GoesOut && sent >= ChannelQuery.UploadConnectionBytes && sent / ChannelQuery.UploadRatio >= bytes - sent)
            {
                channel.UploadOut += sent;
                channel.UploadIn += bytes - sent;
                channel.Uploads++;
            }
        }
        else
        {
            channel.TwoWay += bytes > 0 && !failed ? 1 : 0;
        }

        if (!query.WantsStarts || start == FlowChunk.UnknownStart)
        {
            return;
        }

        if (_starts.Count < MaxStarts)
        {
            _starts.Add() = new ChannelStart(start, id, (int)Math.Min(bytes, int.MaxValue));
        }
        else
        {
            Overflowed = true;
        }
    }

    private Way WayOf(HostTable hosts, in ChannelKey key, FlowTraits traits) =>
        !sides.IsExternal(hosts, traits, key.Source, key.Destination) ? Way.Inside
        : sides.GoesOut(hosts, key.Destination) ? Way.Out
        : Way.In;
}
