using System.Globalization;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Querying;
using DtMcp.Traffic.Condensing;
using DtMcp.Traffic.Rendering;

namespace DtMcp.Traffic.Asking;

/// <summary>
/// Bytes by hour from <c>/metricdata</c>, for bandwidth on connectivity, which has no times: the data transfer of each minute, added up by hour.
/// </summary>
internal sealed class HourTable(DarktraceClient client, ApplianceMemory memory)
{
    private const string Endpoint = "/metricdata";
    private const string Metric = "datatransfervolume";
    private const long HourMs = 3_600_000;
    private const int MinuteSeconds = 60;

    public async Task<Findings> AddAsync(Findings findings, Ask ask, CancellationToken cancellationToken)
    {
        if (!memory.MayTry(Endpoint))
        {
            return findings with { Notes = [.. findings.Notes, memory.WhyRefused(Endpoint)!] };
        }

        try
        {
            var series = await client.GetMetricDataAsync(
                new MetricDataQuery
                {
                    Metrics = [Metric],
                    Window = ask.Window,
                    Did = ask.Filters.Did,
                    Port = ask.Filters.Port,
                    SourcePort = ask.Filters.SourcePort,
                    DestinationPort = ask.Filters.DestinationPort,
                    Protocol = ask.Filters.Protocol,
                    ApplicationProtocol = ask.Filters.ApplicationProtocol,
                    IntervalSeconds = MinuteSeconds,
                },
                cancellationToken).ConfigureAwait(false);
            SortedDictionary<long, (double In, double Out, double Size)> hours = [];
            foreach (var point in series.SelectMany(one => one.Points))
            {
                var hour = point.TimeMs - ((point.TimeMs % HourMs) + HourMs) % HourMs;
                var known = hours.GetValueOrDefault(hour);
                hours[hour] = (known.In + (point.In ?? 0), known.Out + (point.Out ?? 0), known.Size + point.Size);
            }

            return findings with
            {
                Tables =
                [
                    .. findings.Tables,
                    new Table
                    {
                        Name = "hours",
                        SortedBy = "time",
                        Of = hours.Count,
                        Columns = ["hour", "bytes_in", "bytes_out", "bytes"],
                        Rows = [.. hours.Select(pair => new[]
                        {
                            Cell.Of(DateTimeOffset.FromUnixTimeMilliseconds(pair.Key).ToString("yyyy-MM-dd HH:00", CultureInfo.InvariantCulture)),
                            Cell.Of((long)pair.Value.In), Cell.Of((long)pair.Value.Out), Cell.Of((long)pair.Value.Size),
                        })],
                    },
                ],
                Notes = [.. findings.Notes, "The hours are from /metricdata, minute by minute: an appliance gives each minute's largest value, so they may differ from the totals."],
            };
        }
        catch (ApplianceException error) when (error.Error is ApplianceError.PermissionDenied or ApplianceError.NotAvailable or ApplianceError.RequestRejected)
        {
            memory.Refused(Endpoint, $"No hours: {error.Happened} {error.Remedy}");
            return findings with { Notes = [.. findings.Notes, memory.WhyRefused(Endpoint)!] };
        }
    }
}
