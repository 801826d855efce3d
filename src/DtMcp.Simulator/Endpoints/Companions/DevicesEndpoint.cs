namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary><c>/devices</c>: an array; a device asked for by <c>did</c> comes as one object.</summary>
internal sealed class DevicesEndpoint : IEndpoint
{
    private const int DefaultDays = 7;

    public string Path => "/devices";

    public Permission Needs =>
        Permission.Visualizer | Permission.PlatformAccountsConsole | Permission.ViewModels | Permission.EditModels | Permission.DeviceAdmin;

    public async Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        var (did, ip, mac, sid, since) = (request.Number("did"), request.Address("ip"), request.Text("mac"), request.Number("sid"),
            SeenSince.Of(request, DefaultDays));
        var (count, includeTags, fields) = (request.Number("count", 1) ?? long.MaxValue, request.Flag("includetags") ?? false,
            ResponseData.OfElements(request));
        var found = request.Records.Devices.All.Where(device =>
            (did is null ? device.LastSeenMs >= since : device.Did == did)
            && (ip is null || device.Address == ip || device.Facts.Former.Any(former => former.Address == ip))
            && (mac is null || mac.Equals(device.Facts.Mac, StringComparison.OrdinalIgnoreCase))
            && (sid is null || device.Sid == sid)).Take((int)Math.Min(count, int.MaxValue)).ToArray();
        answer.Rows = found.Length;
        if (did is not null && found.Length == 1)
        {
            fields.Write(answer.Json, found[0], (json, device) => DeviceJson.WriteListed(json, device, includeTags));
            return;
        }

        answer.Json.WriteStartArray();
        foreach (var device in found)
        {
            fields.Write(answer.Json, device, (json, device) => DeviceJson.WriteListed(json, device, includeTags));
            await answer.DrainAsync(cancellationToken).ConfigureAwait(false);
        }

        answer.Json.WriteEndArray();
    }
}
