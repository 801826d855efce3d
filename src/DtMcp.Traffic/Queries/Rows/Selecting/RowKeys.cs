using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Evidence.Collected;

namespace DtMcp.Traffic.Queries.Rows.Selecting;

/// <summary>
/// The keys that a row counts for: none is -1. Where they are ends, one is the source and the other the destination.
/// </summary>
internal readonly record struct RowKey(int First, int Second = -1, bool FirstIsSource = true);

/// <summary>Turns a row into the keys of a dimension. Endpoints and names are their own numbers; hours are numbered as they come.</summary>
internal sealed class RowKeys(Dimension by, RowFacts facts)
{
    // Eleven years of hours, or a year of five minutes: more are an appliance's error.
    private const int MaxTimes = 110_000;

    private readonly TimeSteps _steps = facts.Steps(by);
    private readonly List<long> _times = [];
    private readonly Dictionary<long, int> _timeKeys = [];
    private (long Time, int Key) _lastTime = (long.MinValue, -1);

    public RowKey Of(FlowSet flows, FlowChunk chunk, int i) => by switch
    {
        Dimension.Device or Dimension.DeviceSubnet => facts.Near(chunk, i),
        Dimension.Peer or Dimension.Subnet => Far(chunk, i),
        Dimension.Country or Dimension.Asn or Dimension.Name => new RowKey(Outside(flows.Hosts, chunk, i)),
        Dimension.Endpoint => new RowKey(chunk.Source[i], chunk.Destination[i] == chunk.Source[i] ? -1 : chunk.Destination[i]),
        Dimension.Source => new RowKey(chunk.Source[i]),
        Dimension.Destination => new RowKey(chunk.Destination[i], FirstIsSource: false),
        Dimension.Protocol => new RowKey(chunk.Protocol[i]),
        Dimension.ApplicationProtocol => new RowKey(chunk.ApplicationProtocol[i]),
        Dimension.SourcePort => new RowKey(chunk.SourcePort[i]),
        Dimension.DestinationPort => new RowKey(chunk.DestinationPort[i]),
        Dimension.State => new RowKey((chunk.Traits[i] & FlowTraits.Failed) != 0 ? 1
            : (chunk.Traits[i] & FlowTraits.Established) != 0 ? 2 : 0),
        Dimension.Direction => new RowKey(DirectionOf(flows.Hosts, chunk, i)),
        Dimension.Hour or Dimension.Interval => new RowKey(TimeKey(chunk.Start(i))),
        _ => new RowKey(-1),
    };

    /// <summary>The start of the hour or interval that a key stands for, in milliseconds since 1970.</summary>
    public long Time(int key) => _times[key];

    public static string State(int key) => key switch { 1 => "failed", 2 => "established", _ => "unknown" };

    public static string Direction(int key) => key switch { 1 => "outbound", 2 => "inbound", _ => "internal" };

    private RowKey Far(FlowChunk chunk, int i)
    {
        var near = facts.Near(chunk, i);
        return near.Second >= 0 ? new RowKey(near.Second, near.First, FirstIsSource: false)
            : near.First < 0 ? near
            : new RowKey(near.FirstIsSource ? chunk.Destination[i] : chunk.Source[i], FirstIsSource: !near.FirstIsSource);
    }

    private int Outside(HostTable hosts, FlowChunk chunk, int i) => DirectionOf(hosts, chunk, i) switch
    {
        1 => chunk.Destination[i],
        2 => chunk.Source[i],
        _ => -1,
    };

    private int DirectionOf(HostTable hosts, FlowChunk chunk, int i) =>
        !facts.Sides.IsExternal(hosts, chunk.Traits[i], chunk.Source[i], chunk.Destination[i]) ? 0
        : facts.Sides.GoesOut(hosts, chunk.Destination[i]) ? 1
        : 2;

    /// <summary>The number of a key that was counted elsewhere; -1 where it has none.</summary>
    public int NumberOf(HistoryKey key, FlowSet flows) => by switch
    {
        Dimension.Protocol => flows.Protocols.GetOrAdd(key.Text),
        Dimension.ApplicationProtocol => flows.ApplicationProtocols.GetOrAdd(key.Text),
        Dimension.Hour or Dimension.Interval => TimeKey(key.Number),
        _ when by.IsPort() || by is Dimension.State or Dimension.Direction => (int)key.Number,
        _ => flows.Hosts.GetOrAdd(key.Address, HostTable.NoDid, key.Text),
    };

    private int TimeKey(long start)
    {
        if (start == FlowChunk.UnknownStart)
        {
            return -1;
        }

        var time = _steps.StartOf(start);
        if (time == _lastTime.Time)
        {
            return _lastTime.Key;
        }

        ref var key = ref CollectionsMarshal.GetValueRefOrAddDefault(_timeKeys, time, out var isKnown);
        if (!isKnown)
        {
            key = _times.Count < MaxTimes ? _times.Count : -1;
            if (key >= 0)
            {
                _times.Add(time);
            }
        }

        _lastTime = (time, key);
        return key;
    }
}
