using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Tests.Investigations;

/// <summary>Makes rows for a test, one by one.</summary>
/// <param name="lacks">What no row says.</param>
internal sealed class RowMaker(FlowFields lacks = FlowFields.None)
{
    private readonly FlowSet _flows = new() { Seen = (FlowFields)8191 & ~lacks };
    private FlowChunk? _chunk;

    public void Add(long start, string source, string destination, ushort port, long sent, long received,
        FlowTraits traits = FlowTraits.None, string protocol = "tcp", string application = "ssl", long packets = 10, int duration = 100)
    {
        var chunk = _chunk ??= _flows.Rent();
        var i = chunk.Count++;
        chunk.SetStart(i, start);
        chunk.Duration[i] = duration;
        chunk.Source[i] = Host(source);
        chunk.Destination[i] = Host(destination);
        chunk.SourcePort[i] = 50_000;
        chunk.DestinationPort[i] = port;
        chunk.Protocol[i] = _flows.Protocols.GetOrAdd(protocol);
        chunk.ApplicationProtocol[i] = _flows.ApplicationProtocols.GetOrAdd(application);
        chunk.Bytes[i] = sent + received;
        chunk.SetBytesOut(i, sent);
        chunk.Packets[i] = packets;
        chunk.Traits[i] = traits;
        if (chunk.Count == FlowChunk.Capacity)
        {
            _flows.Accept(chunk);
            _chunk = null;
        }
    }

    public FlowSet Build()
    {
        if (_chunk is { } chunk)
        {
            _flows.Accept(chunk);
            _chunk = null;
        }

        return _flows;
    }

    private int Host(string address)
    {
        Assert.True(NetAddress.TryParse(address, out var parsed));
        return _flows.Hosts.GetOrAdd(parsed, HostTable.NoDid);
    }
}
