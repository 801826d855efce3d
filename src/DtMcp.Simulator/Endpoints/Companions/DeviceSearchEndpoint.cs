using System.Text.Json;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary><c>/devicesearch</c>: <c>{"totalCount": 61, "devices": [...]}</c>, 300 a page at most.</summary>
internal sealed class DeviceSearchEndpoint : IEndpoint
{
    private const int DefaultCount = 100;
    private const int MaxCount = 300;
    private const int DefaultDays = 28;

    public string Path => "/devicesearch";

    public Permission Needs => Permission.Visualizer;

    public bool RefusesRestricted => true;

    public Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        var count = (int)(request.Number("count", 1, MaxCount) ?? DefaultCount);
        var offset = (int)(request.Number("offset", 0, int.MaxValue) ?? 0);
        var (query, since) = (DeviceQuery.Parse(request.Text("query")), SeenSince.Of(request, DefaultDays));
        var found = Sorted(request, [.. request.Records.Devices.All.Where(device => device.LastSeenMs >= since && query.Matches(device))]);
        var page = found.Skip(offset).Take(count).ToArray();
        ResponseData.OfObject(request).Write(answer.Json, (Total: found.Length, Page: page),
            static (json, found) => Write(json, found.Total, found.Page));
        answer.Rows = page.Length;
        return Task.CompletedTask;
    }

    private static Device[] Sorted(EndpointRequest request, Device[] devices)
    {
        var descending = request.Text("order")?.ToUpperInvariant() switch
        {
            null or "ASC" => false,
            "DESC" => true,
            _ => throw new InputErrorException("order is asc or desc"),
        };
        Comparison<Device> compare = request.Text("orderBy")?.ToUpperInvariant() switch
        {
            "PRIORITY" => (_, _) => 0,
            "HOSTNAME" => By(device => device.Facts.Hostname),
            "IP" => (a, b) => a.Address.CompareTo(b.Address),
            "MACADDRESS" => By(device => device.Facts.Mac),
            "VENDOR" => By(device => device.Facts.Vendor),
            "OS" => By(device => device.Facts.Os),
            "FIRSTSEEN" => (a, b) => a.FirstSeenMs.CompareTo(b.FirstSeenMs),
            null or "LASTSEEN" => (a, b) => a.LastSeenMs.CompareTo(b.LastSeenMs),
            "DEVICELABEL" => By(device => device.Facts.Label),
            "TYPELABEL" => By(device => device.Facts.TypeLabel),
            _ => throw new InputErrorException("orderBy names no field to sort by"),
        };
        Array.Sort(devices, (a, b) => compare(a, b) is var by and not 0 ? (descending ? -by : by) : a.Did.CompareTo(b.Did));
        return devices;

        static Comparison<Device> By(Func<Device, string?> text) =>
            (a, b) => string.Compare(text(a), text(b), StringComparison.OrdinalIgnoreCase);
    }

    private static void Write(Utf8JsonWriter json, int total, Device[] page)
    {
        json.WriteStartObject();
        json.WriteNumber("totalCount", total);
        json.WriteStartArray("devices");
        foreach (var device in page)
        {
            DeviceJson.WriteFound(json, device);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
