using System.IO.Compression;
using System.Text.Json;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Tests.Investigations;

/// <summary>
/// Zeek's <c>conn.log</c> (JSON lines, gzip) as rows, with the bytes of both directions apart (as records have them) or together (as the
/// row shape has them).
/// </summary>
internal static class ZeekRows
{
    private static readonly string[] NeverEstablished = ["S0", "REJ", "RSTOS0", "RSTRH", "SH", "SHR"];

    public static FlowSet Load(string path, bool split = true)
    {
        var flows = new FlowSet { Seen = (FlowFields)8191 };
        if (!split)
        {
            flows.Seen &= ~(FlowFields.BytesOut | FlowFields.State);
        }

        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var chunk = flows.Rent();
        while (lines.ReadLine() is { } line)
        {
            using var row = JsonDocument.Parse(line);
            Add(flows, chunk, row.RootElement, split);
            if (chunk.Count == FlowChunk.Capacity)
            {
                flows.Accept(chunk);
                chunk = flows.Rent();
            }
        }

        flows.Accept(chunk);
        return flows;
    }

    private static void Add(FlowSet flows, FlowChunk chunk, JsonElement row, bool split)
    {
        var i = chunk.Count++;
        var isIcmp = row.GetProperty("proto").GetString() == "icmp";
        chunk.SetStart(i, (long)Math.Round(row.GetProperty("ts").GetDecimal() * 1000));
        chunk.Duration[i] = row.TryGetProperty("duration", out var seconds)
            ? (int)Math.Min(int.MaxValue, seconds.GetDouble() * 1000)
            : FlowChunk.Unknown;
        chunk.Source[i] = Host(flows, row.GetProperty("id.orig_h").GetString()!);
        chunk.Destination[i] = Host(flows, row.GetProperty("id.resp_h").GetString()!);
        chunk.SourcePort[i] = isIcmp ? (ushort)0 : row.GetProperty("id.orig_p").GetUInt16();
        chunk.DestinationPort[i] = isIcmp ? (ushort)0 : row.GetProperty("id.resp_p").GetUInt16();
        chunk.Protocol[i] = flows.Protocols.GetOrAdd(row.GetProperty("proto").GetString());
        chunk.ApplicationProtocol[i] = row.TryGetProperty("service", out var service)
            ? flows.ApplicationProtocols.GetOrAdd(service.GetString())
            : NameTable.UnknownId;
        var (sent, received) = (Number(row, "orig_bytes"), Number(row, "resp_bytes"));
        var (sentPackets, receivedPackets) = (Number(row, "orig_pkts"), Number(row, "resp_pkts"));
        chunk.Bytes[i] = sent + received;
        chunk.SetBytesOut(i, split ? sent : FlowChunk.Unknown);
        chunk.Packets[i] = sentPackets + receivedPackets;
        var isPhantom = sent > 65_535 * Math.Max(1, sentPackets) || received > 65_535 * Math.Max(1, receivedPackets);
        var isFailed = split && NeverEstablished.Contains(row.TryGetProperty("conn_state", out var state) ? state.GetString() : null);
        chunk.Traits[i] = (isPhantom ? FlowTraits.SensorArtefact : FlowTraits.None) | (isFailed ? FlowTraits.Failed : FlowTraits.None);
    }

    private static int Host(FlowSet flows, string address)
    {
        Assert.True(NetAddress.TryParse(address, out var parsed));
        return flows.Hosts.GetOrAdd(parsed, HostTable.NoDid);
    }

    private static long Number(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;
}
