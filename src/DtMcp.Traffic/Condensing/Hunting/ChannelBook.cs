using System.Runtime.InteropServices;
using DtMcp.Darktrace.Reading;

namespace DtMcp.Traffic.Condensing.Hunting;

/// <summary>
/// One pass over the rows: sums by channel, and for what goes outside the start of each connection. The rules read only this. At most <see cref="MaxBeats"/> starts
/// are kept (24 bytes each), <see cref="Overflowed"/> says when there were more; at most <see cref="MaxChannels"/> channels, the lightest go beyond that.
/// </summary>
/// <param name="sides">Who is inside.</param>
/// <param name="keepsBeats">Whether starts are kept; the time before needs none.</param>
internal sealed partial class ChannelBook(Sides sides, bool keepsBeats = true)
{
    public const int MaxBeats = 2_000_000;

    private readonly Dictionary<ChannelKey, int> _ids = [];
    private readonly PagedList<Channel> _channels = new();
    private readonly PagedList<(int Channel, Beat Beat)> _beats = new();

    /// <summary>The most that a book of so many rows holds, with the lists that the rules make of it.</summary>
    public static long BytesOf(long rows) => (Math.Min(rows, MaxChannels) * 250) + (Math.Min(rows, MaxBeats) * 48);

    public bool Overflowed { get; private set; }

    /// <summary>Rows that were added, whatever became of their channels.</summary>
    public long Connections { get; private set; }

    /// <summary>What a sensor made up.</summary>
    public ArtefactBook Artefacts { get; } = new();

    /// <summary>First start and last end of any row.</summary>
    public long FirstMs { get; private set; } = long.MaxValue;

    public long LastMs { get; private set; } = long.MinValue;

    public long SpanMs => Math.Max(0, LastMs - FirstMs);

    public PagedList<Channel> Channels => _channels;

    public void Add(FlowSet flows, FlowChunk chunk)
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
                channel.GoesOut = sides.IsExternal(flows.Hosts, chunk.Traits[i], key.Source, key.Destination) && sides.GoesOut(flows.Hosts, key.Destination);
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

    /// <summary>The starts of each channel that goes outside, in order of time.</summary>
    public Dictionary<int, List<Beat>> BeatsByChannel(int fewest)
    {
        Dictionary<int, List<Beat>> beats = [];
        foreach (var (channel, beat) in _beats)
        {
            if (_channels[channel].Connections < fewest)
            {
                continue;
            }

            if (!beats.TryGetValue(channel, out var list))
            {
                beats[channel] = list = [];
            }

            list.Add(beat);
        }

        foreach (var list in beats.Values)
        {
            list.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        }

        return beats;
    }

    private void Add(ref Channel channel, int id, FlowChunk chunk, int i, bool knowsState)
    {
        var (start, duration, traits) = (chunk.Start(i), chunk.Duration[i], chunk.Traits[i]);
        channel.Connections++;
        channel.Failed += Answered.Failed(chunk, i, knowsState) ? 1 : 0;
        channel.Answered += Answered.Is(chunk, i, knowsState) ? 1 : 0;
        channel.LongestMs = Math.Max(channel.LongestMs, duration);
        if (start != FlowChunk.UnknownStart)
        {
            channel.First = Math.Min(channel.First, start);
            channel.Last = Math.Max(channel.Last, start);
            FirstMs = Math.Min(FirstMs, start);
            LastMs = Math.Max(LastMs, start + Math.Max(0, duration));
        }

        if ((traits & FlowTraits.SensorArtefact) != 0)
        {
            return;
        }

        var (bytes, sent) = (chunk.Bytes[i], chunk.BytesOut[i]);
        channel.Bytes += bytes;
        if (sent >= 0)
        {
            channel.BytesOut += sent;
            if (channel.GoesOut && sent >= HuntRules.UploadConnectionBytes && sent / HuntRules.UploadRatio >= bytes - sent)
            {
                channel.UploadOut += sent;
                channel.UploadIn += bytes - sent;
                channel.Uploads++;
            }
        }

        if (!keepsBeats || !channel.GoesOut || start == FlowChunk.UnknownStart)
        {
            return;
        }

        if (_beats.Count < MaxBeats)
        {
            _beats.Add() = (id, new Beat(start, bytes));
        }
        else
        {
            Overflowed = true;
        }
    }
}
