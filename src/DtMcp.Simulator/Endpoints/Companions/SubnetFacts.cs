using System.Runtime.CompilerServices;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary>A subnet with its devices and its share of the connections. Counted once for a record set.</summary>
internal sealed record SubnetFacts(Subnet Subnet, IReadOnlyList<Device> Devices, int TrafficPercent)
{
    private static readonly ConditionalWeakTable<RecordSet, SubnetFacts[]> Known = [];

    public int Servers { get; } = Devices.Count(device => device.Facts.TypeName?.Contains("server", StringComparison.Ordinal) ?? false);

    public int Clients => Devices.Count - Servers;

    public long FirstSeenMs { get; } = Devices.Count > 0 ? Devices.Min(device => device.FirstSeenMs) : 0;

    public long LastSeenMs { get; } = Devices.Count > 0 ? Devices.Max(device => device.LastSeenMs) : 0;

    public static IReadOnlyList<SubnetFacts> Of(RecordSet records) => Known.GetValue(records, Count);

    private static SubnetFacts[] Count(RecordSet records)
    {
        var sids = Array.ConvertAll(Enumerable.Range(0, records.Addresses.Length).ToArray(), index => records.Devices.At(index)?.Sid ?? 0);
        var rows = new long[records.Subnets.All.Count + 1];
        foreach (ref readonly var row in records.Rows.AsSpan())
        {
            var (from, to) = (sids[row.Source], sids[row.Destination]);
            rows[from]++;
            rows[to] += to == from ? 0 : 1;
        }

        var devices = records.Devices.All.ToLookup(device => device.Sid);
        return [.. records.Subnets.All.Select(subnet =>
            new SubnetFacts(subnet, [.. devices[subnet.Sid]], (int)(100 * rows[subnet.Sid] / Math.Max(1, records.Rows.Length))))];
    }
}
