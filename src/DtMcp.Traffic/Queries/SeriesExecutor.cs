using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries;

/// <summary>
/// Answers by device and by hour from a series of bytes over time, which has nothing else. A series counts each device for itself, so its
/// figures are those of <see cref="Dimension.Device"/>.
/// </summary>
internal static class SeriesExecutor
{
    private const long HourMs = 3_600_000;

    public static Findings Finish(Series series, AnalysisSettings settings)
    {
        Dictionary<int, (Sum In, Sum Out)> devices = [];
        SortedDictionary<long, (Sum In, Sum Out)> hours = [];
        (Sum In, Sum Out) all = default;
        var near = new NearEnds(settings, new Sides(settings.Internal));
        foreach (var point in series.Points)
        {
            // A point without a device is of the one that was asked about.
            if (near.IsAsked && !IsUnknown(series.Hosts, point.Host) && !near.Contains(series.Hosts, point.Host))
            {
                continue;
            }

            devices[point.Host] = Plus(devices.GetValueOrDefault(point.Host), point.BytesIn, point.BytesOut);
            all = Plus(all, point.BytesIn, point.BytesOut);
            if (point.TimeMs != FlowChunk.UnknownStart)
            {
                var hour = point.TimeMs - (((point.TimeMs % HourMs) + HourMs) % HourMs);
                hours[hour] = Plus(hours.GetValueOrDefault(hour), point.BytesIn, point.BytesOut);
            }
        }

        return new Findings
        {
            Totals = [new Field("bytes_in", Cell.Of(all.In)), new Field("bytes_out", Cell.Of(all.Out))],
            Tables = [Devices(series.Hosts, devices, settings.Limit), Hours(hours)],
            Notes = near.IsAsked || devices.Count < 2
                ? []
                : ["A connection between two devices counts for both, so totals and hours hold its bytes twice."],
        };
    }

    private static Table Devices(HostTable hosts, Dictionary<int, (Sum In, Sum Out)> devices, int limit)
    {
        var byAddress = TopK.Hosts(hosts);
        var ids = devices.Keys.ToList();
        ids.Sort((a, b) =>
        {
            var larger = Both(devices[b]).Value.CompareTo(Both(devices[a]).Value);
            return larger != 0 ? larger : byAddress(a, b);
        });
        var table = new TableBuilder("devices", "bytes", "ip", "did", "hostname", "bytes_in", "bytes_out", "bytes");
        foreach (var host in ids.Take(limit))
        {
            var sum = devices[host];
            table.Add(
                HostCells.Ip(hosts, host), HostCells.Did(hosts, host), HostCells.Hostname(hosts, host),
                Cell.Of(sum.In), Cell.Of(sum.Out), Cell.Of(Both(sum)));
        }

        return table.Build(ids.Count);
    }

    private static Table Hours(SortedDictionary<long, (Sum In, Sum Out)> hours)
    {
        var table = new TableBuilder("hours", "time", "hour", "bytes_in", "bytes_out");
        foreach (var (hour, sum) in hours)
        {
            table.Add(Cell.Step(hour), Cell.Of(sum.In), Cell.Of(sum.Out));
        }

        return table.Build(hours.Count);
    }

    private static Sum Both((Sum In, Sum Out) sum) => sum.In + sum.Out;

    private static (Sum In, Sum Out) Plus((Sum In, Sum Out) sum, long received, long sent) => (sum.In + received, sum.Out + sent);

    private static bool IsUnknown(HostTable hosts, int host) => !hosts.Address(host).IsPresent && hosts.Did(host) == HostTable.NoDid;
}
