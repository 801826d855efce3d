using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>The keys that a row counts for: none is -1. The second is always the destination.</summary>
internal readonly record struct RowKey(int First, int Second = -1, bool FirstIsSource = true);

/// <summary>Turns a row into the keys of a dimension. Endpoints and names are their own numbers; hours are numbered as they come.</summary>
internal sealed class RowKeys(Dimension by, RowFacts facts)
{
    private const long HourMs = 3_600_000;

    // Eleven years: more hours are an appliance's error.
    private const int MaxHours = 100_000;

    private readonly List<long> _hours = [];
    private readonly Dictionary<long, int> _hourKeys = [];
    private (long Hour, int Key) _lastHour = (long.MinValue, -1);

    public RowKey Of(FlowSet flows, FlowChunk chunk, int i) => by switch
    {
        Dimension.Device => facts.Near(chunk, i),
        Dimension.Peer or Dimension.Subnet => Far(chunk, i),
        Dimension.Country or Dimension.Asn or Dimension.Name => new RowKey(Outside(flows.Hosts, chunk, i)),
        Dimension.Endpoint => new RowKey(chunk.Source[i], chunk.Destination[i] == chunk.Source[i] ? -1 : chunk.Destination[i]),
        Dimension.Source => new RowKey(chunk.Source[i]),
        Dimension.Destination => new RowKey(chunk.Destination[i], FirstIsSource: false),
        Dimension.Protocol => new RowKey(chunk.Protocol[i]),
        Dimension.ApplicationProtocol => new RowKey(chunk.ApplicationProtocol[i]),
        Dimension.SourcePort => new RowKey(chunk.SourcePort[i]),
        Dimension.DestinationPort => new RowKey(chunk.DestinationPort[i]),
        Dimension.State => new RowKey((chunk.Traits[i] & FlowTraits.Failed) != 0 ? 1 : 0),
        Dimension.Direction => new RowKey(DirectionOf(flows.Hosts, chunk, i)),
        Dimension.Hour => new RowKey(HourKey(chunk.Start(i))),
        _ => new RowKey(-1),
    };

    /// <summary>The hour that a key stands for, in milliseconds since 1970.</summary>
    public long Hour(int key) => _hours[key];

    public static string Direction(int key) => key switch { 1 => "outbound", 2 => "inbound", _ => "internal" };

    private RowKey Far(FlowChunk chunk, int i)
    {
        var near = facts.Near(chunk, i);
        return near.Second >= 0 ? new RowKey(near.Second, near.First)
            : near.First < 0 ? near
            : new RowKey(near.FirstIsSource ? chunk.Destination[i] : chunk.Source[i]);
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

    private int HourKey(long start)
    {
        if (start == FlowChunk.UnknownStart)
        {
            return -1;
        }

        var hour = start - (((start % HourMs) + HourMs) % HourMs);
        if (hour == _lastHour.Hour)
        {
            return _lastHour.Key;
        }

        ref var key = ref CollectionsMarshal.GetValueRefOrAddDefault(_hourKeys, hour, out var isKnown);
        if (!isKnown)
        {
            key = _hours.Count < MaxHours ? _hours.Count : -1;
            if (key >= 0)
            {
                _hours.Add(hour);
            }
        }

        _lastHour = (hour, key);
        return key;
    }
}
