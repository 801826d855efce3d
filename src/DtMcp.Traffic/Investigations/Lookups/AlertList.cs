using System.Globalization;
using DtMcp.Darktrace.Errors;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Lookups;

/// <summary><c>list_alerts</c>: what Darktrace itself found in a window.</summary>
internal sealed class AlertList(AlertReader reader)
{
    private static readonly string[] Columns =
        ["time", "until", "kind", "alert", "score", "category", "did", "ip", "hostname", "acknowledged", "id", "link"];

    public async Task<Findings> FindAsync(Ask ask, AnalysisSettings settings, CancellationToken cancellationToken)
    {
        var did = ask.Focus?.Did ?? ask.Filters.Did;
        var (all, missing) = await reader.ReadAsync(ask.Window, did, cancellationToken).ConfigureAwait(false);
        if (missing.Count == 2)
        {
            throw new ApplianceException(
                ApplianceError.PermissionDenied, string.Join(' ', missing), "check_appliance tells what the token may.");
        }

        // An address without a device's id cannot be asked for.
        var alerts = did is null && ask.Filters.Ip is { } ip
            ? [.. all.Where(alert => alert.Devices.Any(device => device.Ip == ip.ToString()))]
            : all;
        return new Findings
        {
            Totals =
            [
                new Field("model_breaches", Cell.Of((long)alerts.Count(alert => !alert.IsIncident))),
                new Field("incidents", Cell.Of((long)alerts.Count(alert => alert.IsIncident))),
                new Field("devices", Cell.Of((long)alerts.SelectMany(alert => alert.Devices).DistinctBy(device => device.Did).Count())),
            ],
            Tables = [Table(alerts, settings.Limit)],
            Notes =
            [
                .. missing,
                .. alerts.Count == 0 && missing.Count == 0 ? ["Darktrace raised nothing in this window."] : Array.Empty<string>(),
            ],
            Next = alerts.Count == 0 ? [NextCalls.Of(settings, "hunt_traffic")] : [.. Next(settings, alerts[0])],
        };
    }

    public static Table Table(IReadOnlyList<Alert> alerts, int limit) => new()
    {
        Name = "alerts",
        SortedBy = "score",
        Of = alerts.Count,
        Columns = Columns,
        Rows = [.. alerts.Take(limit).Select(Row)],
    };

    private static IReadOnlyList<Cell> Row(Alert alert)
    {
        var device = alert.Devices.Count > 0 ? alert.Devices[0] : null;
        return
        [
            Cell.Second(alert.FromMs), alert.ToMs > alert.FromMs ? Cell.Second(alert.ToMs) : Cell.Absent,
            Cell.Of(alert.Kind), Cell.Of(alert.Title), alert.Score is { } score ? Cell.Of((long)Math.Round(score)) : Cell.Absent,
            Cell.Of(alert.Category), Cell.Of(device?.Did), Cell.Of(device?.Ip), Cell.Of(device?.Details.Hostname),
            Cell.Of(alert.IsAcknowledged == true ? "yes" : "no"), Cell.Of(alert.Id), Cell.Of(alert.Link),
        ];
    }

    private static IEnumerable<string> Next(AnalysisSettings settings, Alert alert) => alert.Devices is [var device, ..]
        ? [
            NextCalls.Of(settings, "hunt_traffic", string.Create(CultureInfo.InvariantCulture, $"did={device.Did}")),
            NextCalls.Of(settings, "analyze_device_activity", string.Create(CultureInfo.InvariantCulture, $"did={device.Did}")),
        ]
        : [];
}
