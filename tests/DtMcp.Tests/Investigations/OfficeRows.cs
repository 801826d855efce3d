using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator.Records;

namespace DtMcp.Tests.Investigations;

/// <summary>The emulated office's records of a span of time, as Advanced Search would give them.</summary>
internal static class OfficeRows
{
    public static FlowSet Of(RecordSet records, long fromMs, long toMs)
    {
        var flows = new FlowSet { Seen = (FlowFields)8191 };
        var chunk = flows.Rent();
        foreach (var row in records.Rows.Where(row => row.StartMs >= fromMs && row.StartMs <= toMs))
        {
            var i = chunk.Count++;
            chunk.SetStart(i, row.StartMs);
            chunk.Duration[i] = row.HasDuration ? (int)Math.Min(int.MaxValue, row.DurationSeconds * 1000) : FlowChunk.Unknown;
            chunk.Source[i] = Host(flows, records, row.Source);
            chunk.Destination[i] = Host(flows, records, row.Destination);
            chunk.SourcePort[i] = row.SourcePort;
            chunk.DestinationPort[i] = row.DestinationPort;
            chunk.Protocol[i] = flows.Protocols.GetOrAdd(records.Protocols[row.Protocol]);
            chunk.ApplicationProtocol[i] = flows.ApplicationProtocols.GetOrAdd(records.Services[row.Service]);
            chunk.Bytes[i] = row.Bytes;
            chunk.SetBytesOut(i, row.OrigBytes);
            chunk.Packets[i] = row.Packets;
            chunk.Traits[i] = row.State is ConnState.S0 or ConnState.REJ or ConnState.RSTOS0 or ConnState.RSTRH or ConnState.SH
                or ConnState.SHR ? FlowTraits.Failed : FlowTraits.None;
            if (chunk.Count == FlowChunk.Capacity)
            {
                flows.Accept(chunk);
                chunk = flows.Rent();
            }
        }

        flows.Accept(chunk);
        return flows;
    }

    private static int Host(FlowSet flows, RecordSet records, int index)
    {
        Assert.True(NetAddress.TryParse(records.Addresses[index].ToString(), out var address));
        return flows.Hosts.GetOrAdd(address, records.Devices.At(index)?.Did ?? HostTable.NoDid);
    }
}
