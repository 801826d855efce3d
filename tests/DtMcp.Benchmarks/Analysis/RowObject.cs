using DtMcp.Darktrace.Flows;

namespace DtMcp.Benchmarks.Analysis;

/// <summary>One end of a connection as a class with strings, one object a host.</summary>
internal sealed record RowHost(string Ip, long Did, string? Hostname, bool IsInside);

/// <summary>A connection as a class: what most programs would make of a row.</summary>
internal sealed record RowObject(
    RowHost Source, RowHost Destination, string Protocol, string Application, int SourcePort, int DestinationPort, long Bytes,
    long BytesOut, long Packets, long Start, bool IsExternal)
{
    public static List<RowObject> From(FlowSet flows)
    {
        var hosts = Enumerable.Range(0, flows.Hosts.Count)
            .Select(id => new RowHost(flows.Hosts.Address(id).ToString()!, flows.Hosts.Did(id), flows.Hosts.Details(id)?.Hostname,
                flows.Hosts.Address(id).ToString()!.StartsWith("10.", StringComparison.Ordinal)))
            .ToArray();
        List<RowObject> rows = [];
        foreach (var chunk in flows.Chunks)
        {
            for (var i = 0; i < chunk.Count; i++)
            {
                rows.Add(new RowObject(
                    hosts[chunk.Source[i]], hosts[chunk.Destination[i]], flows.Protocols[chunk.Protocol[i]],
                    flows.ApplicationProtocols[chunk.ApplicationProtocol[i]],
                    chunk.SourcePort[i], chunk.DestinationPort[i], chunk.Bytes[i], chunk.BytesOut[i], chunk.Packets[i], chunk.Start(i),
                    (chunk.Traits[i] & FlowTraits.MarkedExternal) != 0));
            }
        }

        return rows;
    }
}
