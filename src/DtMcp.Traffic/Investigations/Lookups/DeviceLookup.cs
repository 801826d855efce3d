using System.Globalization;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Darktrace.Requests;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Investigations.Lookups;

/// <summary><c>find_devices</c>: devices by a part of any name, an address, a MAC, a label, a tag.</summary>
internal sealed class DeviceLookup(DarktraceClient client)
{
    private static readonly string[] Columns =
        ["did", "ip", "hostname", "devicelabel", "type", "os", "macaddress", "vendor", "subnet", "first_seen", "last_seen", "tags"];

    public async Task<Findings> FindAsync(string? text, int limit, CancellationToken cancellationToken)
    {
        var most = Math.Clamp(limit, 1, 3_000);
        var found = await client.SearchDevicesAsync(new DeviceSearchQuery { Text = text }, most, cancellationToken).ConfigureAwait(false);
        if (found.Total == 0 && text is not null && !text.Contains('*'))
        {
            found = await client.SearchDevicesAsync(new DeviceSearchQuery { Text = $"*{text}*" }, most,
                cancellationToken).ConfigureAwait(false);
        }

        return new Findings
        {
            Totals = [new Field("devices", Cell.Of(found.Total))],
            Tables = [new Table { Name = "devices", Of = found.Total, Columns = Columns, Rows = [.. found.Devices.Select(Row)] }],
            Notes = found.Total == 0
                ? ["Nothing matches. Every word must match somewhere; * stands for anything; the appliance searches the last 28 days."]
                : [],
            Next = found.Devices.Count > 0
                ? [string.Create(CultureInfo.InvariantCulture, $"analyze_device_activity did={found.Devices[0].Did} last=24h")]
                : [],
        };
    }

    private static IReadOnlyList<Cell> Row(Device device) =>
    [
        Cell.Of(device.Did), Cell.Of(device.Ip), Cell.Of(device.Details.Hostname), Cell.Of(device.Details.DeviceLabel),
        Cell.Of(device.Details.Type), Cell.Of(device.Details.Os),
        Cell.Of(device.Details.MacAddress), Cell.Of(device.Details.Vendor), Cell.Of(device.Details.SubnetId),
        Cell.Second(device.Details.FirstSeen), Cell.Second(device.Details.LastSeen),
        device.Details.Tags is { Count: > 0 } tags ? Cell.List(tags, tags.Count) : Cell.Absent,
    ];
}
