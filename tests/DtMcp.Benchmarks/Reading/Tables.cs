using DtMcp.Darktrace.Reading;

namespace DtMcp.Benchmarks.Reading;

/// <summary>The seed's loops over columns: totals, protocols, destination ports, external destinations and sources.</summary>
internal sealed class Tables : IFlowConsumer
{
    private readonly long[] _ports = new long[65536];
    private readonly long[] _protocols = new long[65536];
    private readonly long[] _applications = new long[65536];
    private long[] _destinations = new long[1024];
    private long[] _sources = new long[1024];

    public long Rows { get; private set; }

    public long Bytes { get; private set; }

    public long External { get; private set; }

    public void Consume(FlowSet flows, FlowChunk chunk)
    {
        if (flows.Hosts.Count > _sources.Length)
        {
            Array.Resize(ref _sources, flows.Hosts.Count * 2);
            Array.Resize(ref _destinations, flows.Hosts.Count * 2);
        }

        for (var i = 0; i < chunk.Count; i++)
        {
            var bytes = chunk.Bytes[i];
            Bytes += bytes;
            _ports[chunk.DestinationPort[i]]++;
            _protocols[chunk.Protocol[i]]++;
            _applications[chunk.ApplicationProtocol[i]] += bytes;
            if ((chunk.Traits[i] & FlowTraits.SaidExternal) != 0)
            {
                External++;
                _destinations[chunk.Destination[i]] += bytes;
                _sources[chunk.Source[i]]++;
            }
        }

        Rows += chunk.Count;
    }
}
