using DtMcp.Darktrace.Flows;

namespace DtMcp.Benchmarks.Reading;

/// <summary>
/// Three loops over columns: totals; protocols, application protocols and ports of both sides; external destinations and sources
/// with their distinct ports, applications and peers.
/// </summary>
internal sealed class Tables : IFlowConsumer
{
    private readonly Volume[] _sourcePorts = new Volume[65536];
    private readonly Volume[] _destinationPorts = new Volume[65536];
    private readonly PairSet _portsOf = new();
    private readonly PairSet _applicationsOf = new();
    private readonly PairSet _peersOf = new();
    private Volume[] _protocols = new Volume[64];
    private Volume[] _applications = new Volume[64];
    private Volume[] _destinations = new Volume[1024];
    private Volume[] _sources = new Volume[1024];

    public long Rows { get; private set; }

    public long Bytes { get; private set; }

    public long External { get; private set; }

    /// <summary>Distinct ports, applications and peers over all external ends.</summary>
    public long Distinct => _portsOf.Count + _applicationsOf.Count + _peersOf.Count;

    /// <summary>Forgets everything and keeps the memory, as one keeps a parser's buffers.</summary>
    public void Clear()
    {
        (Rows, Bytes, External) = (0, 0, 0);
        foreach (var table in (Volume[][])[_sourcePorts, _destinationPorts, _protocols, _applications, _destinations, _sources])
        {
            Array.Clear(table);
        }

        foreach (var pairs in (PairSet[])[_portsOf, _applicationsOf, _peersOf])
        {
            pairs.Clear();
        }
    }

    public void Consume(FlowSet flows, FlowChunk chunk)
    {
        Fit(ref _sources, flows.Hosts.Count);
        Fit(ref _destinations, flows.Hosts.Count);
        Fit(ref _protocols, flows.Protocols.Count);
        Fit(ref _applications, flows.ApplicationProtocols.Count);
        for (var i = 0; i < chunk.Count; i++)
        {
            var (bytes, packets) = (chunk.Bytes[i], chunk.Packets[i]);
            var (application, port) = (chunk.ApplicationProtocol[i], chunk.DestinationPort[i]);
            Bytes += bytes;
            _protocols[chunk.Protocol[i]].Add(bytes, packets);
            _applications[application].Add(bytes, packets);
            _sourcePorts[chunk.SourcePort[i]].Add(bytes, packets);
            _destinationPorts[port].Add(bytes, packets);
            if (flows.HasServices
                ? flows.Hosts.ReportedInside(chunk.Destination[i]) == false
                : (chunk.Traits[i] & FlowTraits.MarkedExternal) != 0)
            {
                External++;
                var (source, destination) = (chunk.Source[i], chunk.Destination[i]);
                _destinations[destination].Add(bytes, packets);
                _sources[source].Add(bytes, packets);
                _portsOf.Add(destination, port);
                _applicationsOf.Add(destination, application);
                _peersOf.Add(source, destination);
            }
        }

        Rows += chunk.Count;
    }

    public void Weigh(EndpointWeights weights)
    {
    }

    // Its set has no bound.
    public void Remap(EndpointRemap remap) => throw new NotSupportedException();

    private static void Fit(ref Volume[] table, int count)
    {
        if (count > table.Length)
        {
            Array.Resize(ref table, count * 2);
        }
    }

    private struct Volume
    {
        public long Connections;
        public long Bytes;
        public long Packets;

        public void Add(long bytes, long packets)
        {
            Connections++;
            Bytes += bytes;
            Packets += packets;
        }
    }

    private sealed class PairSet
    {
        private ulong[] _slots = new ulong[1 << 12];

        public int Count { get; private set; }

        public void Clear()
        {
            Array.Clear(_slots);
            Count = 0;
        }

        public void Add(int a, int b)
        {
            var pair = ((ulong)(uint)(a + 1) << 32) | (uint)b;
            var slot = Find(_slots, pair);
            if (_slots[slot] == pair)
            {
                return;
            }

            _slots[slot] = pair;
            if (++Count > _slots.Length / 2)
            {
                var grown = new ulong[_slots.Length * 4];
                foreach (var known in _slots)
                {
                    if (known != 0)
                    {
                        grown[Find(grown, known)] = known;
                    }
                }

                _slots = grown;
            }
        }

        private static int Find(ulong[] slots, ulong pair)
        {
            var mask = slots.Length - 1;
            var slot = (int)((pair * 0x9E37_79B9_7F4A_7C15) >> 32) & mask;
            while (slots[slot] != 0 && slots[slot] != pair)
            {
                slot = (slot + 1) & mask;
            }

            return slot;
        }
    }
}
