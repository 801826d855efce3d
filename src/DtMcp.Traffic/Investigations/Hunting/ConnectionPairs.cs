using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Counting;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>
/// One pass over the rows: sums by pair, and for what goes outside the start of each connection. The rules read only this. At most
/// <see cref="MaxBeats"/> starts are kept (24 bytes each), <see cref="Overflowed"/> says when there were more; at most
/// <see cref="MaxPairs"/> pairs, the lightest go beyond that.
/// </summary>
/// <param name="sides">Who is inside.</param>
/// <param name="keepsBeats">Whether starts are kept; the time before needs none.</param>
internal sealed partial class ConnectionPairs(Sides sides, bool keepsBeats = true)
{
    public const int MaxBeats = 2_000_000;

    private readonly Dictionary<ConnectionKey, int> _ids = [];
    private readonly PagedList<ConnectionPair> _pairs = new();
    private readonly PagedList<(int ConnectionPair, Beat Beat)> _beats = new();

    /// <summary>The most that a book of so many rows holds, with the lists that the rules make of it.</summary>
    public static long BytesOf(long rows) => (Math.Min(rows, MaxPairs) * 250) + (Math.Min(rows, MaxBeats) * 48);

    public bool Overflowed { get; private set; }

    /// <summary>Rows that were added, whatever became of their pairs.</summary>
    public long Connections { get; private set; }

    /// <summary>What a sensor made up.</summary>
    public ArtefactBook Artefacts { get; } = new();

    /// <summary>First start and last end of any row.</summary>
    public long FirstMs { get; private set; } = long.MaxValue;

    public long LastMs { get; private set; } = long.MinValue;

    public long SpanMs => Math.Max(0, LastMs - FirstMs);

    public PagedList<ConnectionPair> All => _pairs;

    public void Add(FlowSet flows, FlowChunk chunk)
    {
        var knowsState = (flows.Seen & FlowFields.State) != 0;
        Connections += chunk.Count;
        for (var i = 0; i < chunk.Count; i++)
        {
            var key = new ConnectionKey(chunk.Source[i], chunk.Destination[i], chunk.DestinationPort[i], chunk.Protocol[i]);
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids, key, out var isKnown);
            if (!isKnown)
            {
                known = _pairs.Count;
                ref var pair = ref _pairs.Add();
                pair.Key = key;
                pair.GoesOut = sides.IsExternal(flows.Hosts, chunk.Traits[i], key.Source, key.Destination)
                    && sides.GoesOut(flows.Hosts, key.Destination);
                (pair.First, pair.Last) = (long.MaxValue, long.MinValue);
            }

            if ((chunk.Traits[i] & FlowTraits.SensorArtefact) != 0)
            {
                Artefacts.Add(flows, chunk, i, sides);
            }

            Add(ref _pairs[known], known, chunk, i, knowsState);
        }

        if (_pairs.Count > MaxPairs)
        {
            DropLightest(flows.Hosts);
        }
    }

    /// <summary>The starts of each pair that goes outside, in order of time.</summary>
    public Dictionary<int, List<Beat>> BeatsByPair(int fewest)
    {
        Dictionary<int, List<Beat>> beats = [];
        foreach (var (pair, beat) in _beats)
        {
            if (_pairs[pair].Connections < fewest)
            {
                continue;
            }

            if (!beats.TryGetValue(pair, out var list))
            {
                beats[pair] = list = [];
            }

            list.Add(beat);
        }

        foreach (var list in beats.Values)
        {
            list.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        }

        return beats;
    }

    private void Add(ref ConnectionPair pair, int id, FlowChunk chunk, int i, bool knowsState)
    {
        var (start, duration, traits) = (chunk.Start(i), chunk.Duration[i], chunk.Traits[i]);
        pair.Connections++;
        pair.Failed += Answered.Failed(chunk, i, knowsState) ? 1 : 0;
        pair.Answered += Answered.Is(chunk, i, knowsState) ? 1 : 0;
        pair.LongestMs = Math.Max(pair.LongestMs, duration);
        if (start != FlowChunk.UnknownStart)
        {
            pair.First = Math.Min(pair.First, start);
            pair.Last = Math.Max(pair.Last, start);
            FirstMs = Math.Min(FirstMs, start);
            LastMs = Math.Max(LastMs, start + Math.Max(0, duration));
        }

        if ((traits & FlowTraits.SensorArtefact) != 0)
        {
            return;
        }

        var (bytes, sent) = (chunk.Bytes[i], chunk.BytesOut[i]);
        pair.Bytes += bytes;
        if (sent >= 0)
        {
            pair.BytesOut += sent;
            if (pair.GoesOut && sent >= HuntRules.UploadConnectionBytes && sent / HuntRules.UploadRatio >= bytes - sent)
            {
                pair.UploadOut += sent;
                pair.UploadIn += bytes - sent;
                pair.Uploads++;
            }
        }

        if (!keepsBeats || !pair.GoesOut || start == FlowChunk.UnknownStart)
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
