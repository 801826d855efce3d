using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Rows.Selecting;

/// <summary>
/// Which <see cref="Terms"/> each row of a chunk meets, found out once a chunk for all tables; only those that any table asks for.
/// </summary>
internal sealed class RowFacts(AnalysisSettings settings, Terms wanted, bool sidesOfNearOnly)
{
    private const Terms Sided = Terms.External | Terms.Internal | Terms.Outbound | Terms.Inbound;
    private const Terms NearTerms = Terms.Started | Terms.Received | Terms.Within | Terms.Across | Terms.Touches | Terms.Between;

    // By whether the source is one that the question is about (2) and whether the destination is (1).
    private static readonly Terms[] ByEnds =
    [
        Terms.None,
        Terms.Touches | Terms.Received | Terms.Across,
        Terms.Touches | Terms.Started | Terms.Across,
        Terms.Touches | Terms.Started | Terms.Within,
    ];

    private readonly List<Terms> _ofProtocols = [];
    private readonly Terms[] _met = new Terms[FlowChunk.Capacity];

    public Sides Sides { get; } = new(settings.Internal);

    public NearEnds Ends => field ??= new NearEnds(settings, Sides);

    /// <summary>Where the hours or intervals begin that a dimension of time groups by.</summary>
    public TimeSteps Steps(Dimension by)
    {
        var length = by == Dimension.Interval && settings.Interval is { } interval ? interval : TimeSpan.FromHours(1);
        return new TimeSteps((long)length.TotalMilliseconds, settings.Zone);
    }

    /// <summary>What each row of the last chunk meets.</summary>
    public ReadOnlySpan<Terms> Met => _met;

    /// <summary>The ends of a row that the question is about; asked for by <see cref="Terms.Touches"/> among the terms wanted.</summary>
    public RowKey Near(FlowChunk chunk, int i) => (_met[i] & (Terms.Started | Terms.Received | Terms.Within)) switch
    {
        Terms.None => new RowKey(-1),
        Terms.Started => new RowKey(chunk.Source[i]),
        Terms.Received => new RowKey(chunk.Destination[i], FirstIsSource: false),
        _ => new RowKey(chunk.Source[i], chunk.Destination[i] == chunk.Source[i] ? -1 : chunk.Destination[i]),
    };

    public void Learn(FlowSet flows, FlowChunk chunk)
    {
        var met = _met.AsSpan(0, chunk.Count);
        met.Clear();
        if ((wanted & NearTerms) != 0)
        {
            LearnNear(flows.Hosts, chunk, met);
        }

        if ((wanted & (Terms.Outbound | Terms.Inbound)) != 0)
        {
            LearnDirections(flows.Hosts, chunk, met);
        }
        else if ((wanted & Sided) != 0)
        {
            LearnSides(flows.Hosts, chunk, met);
        }

        if ((wanted & ImpliedTerms.OfRows) != 0)
        {
            LearnRows(flows, chunk, met);
        }

        if ((wanted & Terms.SuspiciousPort) != 0)
        {
            for (var i = 0; i < met.Length; i++)
            {
                met[i] |= SuspiciousPorts.Contains(chunk.DestinationPort[i]) ? Terms.SuspiciousPort : Terms.None;
            }
        }
    }

    public void Weigh(EndpointWeights weights) => Ends.Weigh(weights);

    public void Remap(EndpointRemap remap)
    {
        Sides.Forget();
        Ends.Remap(remap);
    }

    private void LearnRows(FlowSet flows, FlowChunk chunk, Span<Terms> met)
    {
        var (knowsState, knowsBytes) = ((flows.Seen & FlowFields.State) != 0, (flows.Seen & FlowFields.Bytes) != 0);
        var ofProtocols = OfProtocols(flows.Protocols);
        var (protocols, traits) = (chunk.Protocol, chunk.Traits);
        for (var i = 0; i < met.Length; i++)
        {
            // A number beyond those known stands for all names that are not kept apart.
            met[i] |= (protocols[i] < ofProtocols.Length ? ofProtocols[protocols[i]] : Terms.NotIcmp)
                | ((traits[i] & FlowTraits.SensorArtefact) == 0 ? Terms.Genuine : Terms.None)
                | (Answered.Is(chunk, i, knowsState, knowsBytes) ? Terms.Answered : Terms.None);
        }
    }

    // What the rows of each protocol meet, by its number.
    private ReadOnlySpan<Terms> OfProtocols(NameTable protocols)
    {
        for (var id = _ofProtocols.Count; id < protocols.Count; id++)
        {
            var isIcmp = protocols[(ushort)id] is { } name && (name.StartsWith("icmp", StringComparison.OrdinalIgnoreCase)
                || name.Equals("ipv6-icmp", StringComparison.OrdinalIgnoreCase));
            _ofProtocols.Add(isIcmp ? Terms.None : Terms.NotIcmp);
        }

        return CollectionsMarshal.AsSpan(_ofProtocols);
    }

    private void LearnDirections(HostTable hosts, FlowChunk chunk, Span<Terms> met)
    {
        for (var i = 0; i < met.Length; i++)
        {
            var (source, destination) = (chunk.Source[i], chunk.Destination[i]);
            met[i] |= !Sides.IsExternal(hosts, chunk.Traits[i], source, destination) ? Terms.Internal
                : Sides.GoesOut(hosts, destination) ? Terms.External | Terms.Outbound
                : Terms.External | Terms.Inbound;
        }
    }

    private void LearnSides(HostTable hosts, FlowChunk chunk, Span<Terms> met)
    {
        for (var i = 0; i < met.Length; i++)
        {
            // Where sides are asked of the device's connections alone, the others' need not be known.
            if (!sidesOfNearOnly || met[i] != Terms.None)
            {
                met[i] |= Sides.IsExternal(hosts, chunk.Traits[i], chunk.Source[i], chunk.Destination[i]) ? Terms.External : Terms.Internal;
            }
        }
    }

    private void LearnNear(HostTable hosts, FlowChunk chunk, Span<Terms> met)
    {
        var (ends, sources, destinations) = (Ends, chunk.Source, chunk.Destination);
        for (var i = 0; i < met.Length; i++)
        {
            var (source, destination) = (sources[i], destinations[i]);
            var near = (ends.Contains(hosts, source) ? 2 : 0) | (ends.Contains(hosts, destination) ? 1 : 0);
            met[i] |= ByEnds[near];
            if (near == 3 && source != destination)
            {
                met[i] |= Terms.Between;
            }
        }
    }
}
