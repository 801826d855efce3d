using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.History;
using DtMcp.Traffic.Evidence.Collected;

namespace DtMcp.Tests.History;

/// <summary>
/// Hours of the history with what is rare: ends without an address, connections of an end with itself, sizes that a sensor made up, sides
/// that the appliance knows better than the ranges, starts that are not known.
/// </summary>
internal static class OddHours
{
    private const long HourMs = 3_600_000;

    private static readonly ushort[] Ports = [22, 53, 443, 445, 0];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Adds an hour of 90 connections.</summary>
    public static async Task AddAsync(HistoryStore store, Random random, long hourMs, ulong part)
    {
        var rows = store.Part("demo", hourMs, part, Token);
        var flows = new FlowSet(maxKept: 0, rows);
        string[] ends =
        [
            "10.0.0.1", "10.0.0.2", "192.168.7.7", "203.0.113.9", "198.51.100.20", "10.99.0.1", "fe80::1", "2001:db8::5", "printer.test",
            "", "224.0.0.251", "192.0.2.44", "fd00::7", "0.0.0.0",
        ];
        int[] ids = [.. ends.Select(end => flows.Hosts.GetOrAdd(NetAddress.OrNone(end), HostTable.NoDid, end.Length == 0 ? null : end))];
        flows.Hosts.NoteSide(ids[4], isInside: true);
        flows.Hosts.NoteSide(ids[5], isInside: false);
        flows.Hosts.NoteSide(ids[0], isInside: true);
        flows.Hosts.Describe(ids[3], new HostDetails { Country = "Germany", Asn = "AS64511 Example" });
        flows.Hosts.Describe(ids[7], new HostDetails { Country = "France" });
        flows.Seen = (FlowFields)0x1FFF;
        var chunk = flows.Rent();
        for (var i = 0; i < 90; i++)
        {
            var isArtefact = random.Next(40) == 0;
            chunk.SetStart(i, random.Next(30) == 0 ? FlowChunk.UnknownStart : hourMs + random.NextInt64(HourMs));
            chunk.Duration[i] = random.Next(100_000);
            (chunk.Source[i], chunk.Destination[i]) = (ids[random.Next(ids.Length)], ids[random.Next(ids.Length)]);
            chunk.Destination[i] = random.Next(12) == 0 ? chunk.Source[i] : chunk.Destination[i];
            chunk.Protocol[i] = flows.Protocols.GetOrAdd(random.Next(5) switch { 0 => "icmp", 1 => "", 2 => "udp", _ => "tcp" });
            chunk.ApplicationProtocol[i] = flows.ApplicationProtocols.GetOrAdd(random.Next(3) switch { 0 => "", 1 => "ssl", _ => "dns" });
            (chunk.SourcePort[i], chunk.DestinationPort[i]) = ((ushort)random.Next(4), Ports[random.Next(Ports.Length)]);
            chunk.Traits[i] = (FlowTraits)(random.Next(4) switch { 0 => 4, 1 => 16, _ => 0 } | (random.Next(6) == 0 ? random.Next(1, 3) : 0)
                | (isArtefact ? 8 : 0));
            chunk.Bytes[i] = isArtefact ? 4_000_000_000 : random.Next(3) == 0 ? 0 : random.Next(100_000);
            chunk.SetBytesOut(i, random.Next(5) == 0 ? FlowChunk.Unknown : random.Next(100_000));
            chunk.Packets[i] = isArtefact ? 1 : random.Next(6);
            chunk.Count = i + 1;
        }

        flows.Accept(chunk);
        flows.Settle();
        rows.Finish(flows);
        await store.RollUpAsync("demo", part, Token);
        var hour = new HistoryHour(hourMs, part, rows.Rows)
        {
            Total = rows.Rows,
            Seen = flows.Seen,
            CollectedMs = hourMs,
            IsRolled = part % 5 != 0,
        };
        await store.CheckAsync("demo", hour, Token);
        store.Note("demo", hour, Token);
    }
}
