using System.Globalization;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Darktrace.Requests;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Lookups;

/// <summary>
/// Bytes by hour from <c>/metricdata</c>, for bandwidth on connectivity, which has no times: what each minute brought, added up by hour. A
/// series is one device's; of a question about everything each device is asked, so that hours hold what devices received and sent, as over
/// rows, and there are none where the devices are too many.
/// </summary>
internal sealed class HourTable(DarktraceClient client, ApplianceMemory memory)
{
    private const string Endpoint = "/metricdata";
    private const long HourMs = 3_600_000;
    private const int MinuteSeconds = 60;

    public async Task<Findings> AddAsync(Findings findings, Ask ask, ConnectivityHalves? tables, CancellationToken cancellationToken)
    {
        if (!memory.MayTry(Endpoint))
        {
            return With(findings, memory.WhyRefused(Endpoint)!);
        }

        var (devices, whyNot) = Devices(ask, tables);
        if (whyNot is not null)
        {
            return With(findings, whyNot);
        }

        try
        {
            SortedDictionary<long, (double In, double Out)> hours = [];
            foreach (var did in devices)
            {
                foreach (var point in await PointsAsync(ask, did, cancellationToken).ConfigureAwait(false))
                {
                    if (point is not { In: { } received, Out: { } sent })
                    {
                        return With(findings, "No hours: /metricdata does not tell what came in from what went out.");
                    }

                    var hour = point.TimeMs - ((point.TimeMs % HourMs) + HourMs) % HourMs;
                    var known = hours.GetValueOrDefault(hour);
                    hours[hour] = (known.In + received, known.Out + sent);
                }
            }

            var table = new TableBuilder("hours", "time", "hour", "bytes_in", "bytes_out");
            foreach (var (hour, (received, sent)) in hours)
            {
                table.Add(Cell.Step(hour), Cell.Of((long)received), Cell.Of((long)sent));
            }

            return With(
                findings with { Tables = [.. findings.Tables, table.Build(hours.Count)] },
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Hours are from /metricdata, asked of {devices.Count} device{(devices.Count == 1 ? "" : "s")} minute by minute; ")
                    + "what passed between two of them counts for both.");
        }
        catch (ApplianceException error)
        {
            var why = $"No hours: {error.Happened} {error.Remedy}";
            memory.Remember(Endpoint, error, why);
            return With(findings, why);
        }
    }

    private static Findings With(Findings findings, string note) => findings with { Notes = [.. findings.Notes, note] };

    private static (IReadOnlyList<long> Devices, string? WhyNot) Devices(Ask ask, ConnectivityHalves? tables)
    {
        var listed = (tables?.Summed ?? []).SelectMany(answer => answer.Devices ?? []).ToList();
        if (ask.HasFocus)
        {
            var did = ask.Filters.Did ?? ask.Focus?.Did ?? listed.FirstOrDefault(
                device => ask.Focus?.Addresses.Contains(device.Address) == true)?.Did;
            return did is { } focus ? ([focus], null) : ([], "No hours: /metricdata tells them of a device, and this address is none.");
        }

        if (ask.Subnet is not null || ask.Filters.ViewSubnet is not null)
        {
            return ([], "No hours: /metricdata tells them of a device and not of a subnet (ask did=).");
        }

        var devices = listed.Select(device => device.Did).Distinct().ToList();
        var known = Capabilities.OfTables(ConnectivityView.Everything, Dimension.Hour, Terms.None, MeasureKind.BytesIn);
        return devices.Count <= Capabilities.MaxDevices
            ? (devices, null)
            : ([], string.Create(CultureInfo.InvariantCulture, $"No hours: {known.Reason}; here are {devices.Count}."));
    }

    private async Task<IReadOnlyList<MetricPoint>> PointsAsync(Ask ask, long did, CancellationToken cancellationToken)
    {
        var series = await client.GetMetricDataAsync(
            new MetricDataQuery
            {
                // A series has no filter by side: each side has a metric.
                Metrics = [ask.RowFilters.IntExt switch
                {
                    TrafficSide.Internal => "internaldatatransfervolume",
                    TrafficSide.External => "externaldatatransfervolume",
                    _ => "datatransfervolume",
                }],
                Window = ask.Window,
                Did = did,
                Port = ask.Filters.Port,
                SourcePort = ask.Filters.SourcePort,
                DestinationPort = ask.Filters.DestinationPort,
                Protocol = ask.Filters.Protocol,
                ApplicationProtocol = ask.Filters.ApplicationProtocol,
                IntervalSeconds = MinuteSeconds,
            },
            cancellationToken).ConfigureAwait(false);
        return [.. series.SelectMany(one => one.Points)];
    }
}
