using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Queries.Channels;

/// <summary>Takes channels that the history summed; rows that began later add to them.</summary>
internal sealed partial class ChannelBook
{
    /// <summary>Whether starts are wanted.</summary>
    public bool WantsStarts => query.WantsStarts;

    /// <summary>Adds a channel. Its starts may be left out where they are too few to be looked at.</summary>
    public void Add(FlowSet flows, in SummedChannel summed, ReadOnlySpan<long> starts, ReadOnlySpan<int> sizes)
    {
        var some = summed.Sums;
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids, some.Key, out var isKnown);
        if (!isKnown)
        {
            known = _channels.Count;
            ref var fresh = ref _channels.Add();
            (fresh.Key, fresh.Way) = (some.Key, WayOf(flows.Hosts, some.Key, summed.Marks));
            (fresh.First, fresh.Last) = (long.MaxValue, long.MinValue);
        }

        Connections += some.Connections;
        if (some.First != long.MaxValue)
        {
            (FirstMs, LastMs) = (Math.Min(FirstMs, some.First), Math.Max(LastMs, summed.LastEnd));
        }

        var id = known;
        Merge(ref _channels[id], some);

        // All of a channel's or none: a part has another rhythm.
        if (starts.Length > MaxStarts - _starts.Count)
        {
            Overflowed = true;
        }
        else
        {
            for (var i = 0; i < starts.Length; i++)
            {
                _starts.Add() = new ChannelStart(starts[i], id, sizes[i]);
            }
        }

        if (_channels.Count > MaxChannels)
        {
            DropLightest(flows.Hosts);
        }
    }

    /// <summary>Notes that starts were not asked for which a channel may have needed, as they would not all have fitted.</summary>
    public void NoteStartsLeftOut() => Overflowed = true;

    /// <summary>Notes rows whose bytes a sensor made up, which the sums hold already.</summary>
    public void NoteArtefacts(FlowSet flows, FlowChunk chunk)
    {
        for (var i = 0; i < chunk.Count; i++)
        {
            Artefacts.Add(flows, chunk, i, sides);
        }
    }

    private static void Merge(ref Channel channel, in Channel some)
    {
        channel.Hours |= some.Hours;
        channel.Connections += some.Connections;
        channel.Failed += some.Failed;
        channel.Refused += some.Refused;
        channel.Answered += some.Answered;
        channel.TwoWay += some.TwoWay;
        channel.Bytes += some.Bytes;
        channel.BytesOut += some.BytesOut;
        (channel.First, channel.Last) = (Math.Min(channel.First, some.First), Math.Max(channel.Last, some.Last));
        if (some.LongestMs > channel.LongestMs || (some.LongestMs == channel.LongestMs && some.LongestBytes > channel.LongestBytes))
        {
            (channel.LongestMs, channel.LongestBytes) = (some.LongestMs, some.LongestBytes);
        }

        if (channel.GoesOut)
        {
            channel.Uploads += some.Uploads;
            channel.UploadOut += some.UploadOut;
            channel.UploadIn += some.UploadIn;
        }
    }
}
