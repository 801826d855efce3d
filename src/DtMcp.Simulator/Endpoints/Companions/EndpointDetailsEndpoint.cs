using System.Globalization;
using System.Text.Json;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary><c>/endpointdetails</c>: what is known of an address or a host name, and with <c>devices=true</c> who spoke with it.</summary>
internal sealed class EndpointDetailsEndpoint : IEndpoint
{
    public string Path => "/endpointdetails";

    public Permission Needs => Permission.Visualizer;

    public Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        var (records, ip, hostname) = (request.Records, request.Address("ip"), request.Text("hostname"));
        var (devices, extra, score) = (request.Flag("devices") ?? false, request.Flag("additionalinfo") ?? false,
            request.Flag("score") ?? false);
        if ((ip is null) == (hostname is null))
        {
            throw new InputErrorException("one of ip and hostname is needed");
        }

        HashSet<int> places = ip is { } address
            ? records.AddressIndex.TryGetValue(address, out var index) ? [index] : []
            : [.. records.Outside.Where(pair => Is(pair.Value.Hostname)).Select(pair =>
                pair.Key).Concat(records.Devices.All.Where(device => Is(device.Facts.Hostname)).Select(device => device.Address))
                .Where(records.AddressIndex.ContainsKey).Select(known => records.AddressIndex[known])];
        var seen = new Seen(records, ip, hostname, places, devices, extra, score);
        ResponseData.OfObject(request).Write(answer.Json, seen, static (json, seen) => Write(json, seen));
        answer.Rows = 1;
        return Task.CompletedTask;

        bool Is(string? name) => hostname!.Equals(name, StringComparison.OrdinalIgnoreCase);
    }

    private static void Write(Utf8JsonWriter json, Seen seen)
    {
        var (first, peers) = Contacts(seen.Records, seen.Places);
        json.WriteStartObject();
        if (seen.Hostname is not null)
        {
            json.WriteString("hostname", seen.Hostname);
            WriteFirst(json, first);
            WriteLocations(json, seen);
        }
        else if (seen.Places.Any(seen.Records.IsInternal))
        {
            WriteInside(json, seen.Records, seen.Records.Devices.At(seen.Places.Single()));
        }
        else
        {
            json.WriteString("ip", seen.Ip!.Value.ToString());
            WriteFirst(json, first);
            WritePlace(json, seen.Records.Outside.GetValueOrDefault(seen.Ip.Value) ?? new OutsideInfo());
        }

        if (seen.Score)
        {
            // Popularity is 100 less rarity.
            json.WriteNumber("popularity", Math.Min(100, 100 * peers.Count / Math.Max(1, seen.Records.Devices.All.Count)));
        }

        if (seen.Extra)
        {
            json.WriteStartArray("additionalinfo");
            json.WriteEndArray();
        }

        if (seen.Devices)
        {
            json.WriteStartArray("devices");
            foreach (var device in peers.Select(seen.Records.Devices.At).OfType<Device>().OrderBy(device => device.Did))
            {
                DeviceJson.WriteSeen(json, device);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteFirst(Utf8JsonWriter json, long? first)
    {
        if (first is { } time)
        {
            json.WriteNumber("firsttime", time);
        }
    }

    private static void WriteLocations(Utf8JsonWriter json, Seen seen)
    {
        var outside = seen.Places.Select(place => seen.Records.Addresses[place]).Where(seen.Records.Outside.ContainsKey).Order().ToArray();
        if (!seen.Extra && !seen.Devices)
        {
            return;
        }

        json.WriteStartArray("ips");
        foreach (var address in outside)
        {
            json.WriteStartObject();
            json.WriteString("ip", address.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("locations");
        foreach (var address in outside)
        {
            json.WriteStartObject();
            WritePlace(json, seen.Records.Outside[address]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePlace(Utf8JsonWriter json, OutsideInfo info)
    {
        json.WriteString("country", info.Country ?? "");
        json.WriteString("asn", info.Asn ?? "");
        json.WriteString("city", info.City ?? "");
        json.WriteString("region", info.Region ?? "");
        json.WriteString("name", info.Hostname ?? "");
        json.WriteNumber("longitude", info.Longitude ?? 0);
        json.WriteNumber("latitude", info.Latitude ?? 0);
    }

    private static void WriteInside(Utf8JsonWriter json, RecordSet records, Device? device)
    {
        if (device is not null && records.Subnets.BySid(device.Sid) is { } subnet)
        {
            json.WriteString("subnetlabel", subnet.Label ?? "");
            json.WriteString("subnetid", subnet.Sid.ToString(CultureInfo.InvariantCulture));
            json.WriteString("subnetnetwork", subnet.Range.ToString());
        }

        json.WriteString("country", "");
        json.WriteString("city", "");
        json.WriteString("region", "");
        json.WriteString("name", "internal_ip");
        json.WriteNumber("longitude", 0.0);
        json.WriteNumber("latitude", 0.0);
    }

    private static (long? First, HashSet<int> Peers) Contacts(RecordSet records, HashSet<int> places)
    {
        var (first, peers) = ((long?)null, new HashSet<int>());
        if (places.Count == 0)
        {
            return (first, peers);
        }

        foreach (ref readonly var row in records.Rows.AsSpan())
        {
            var (from, to) = (places.Contains(row.Source), places.Contains(row.Destination));
            if (from || to)
            {
                first ??= row.StartMs;
                peers.Add(from ? row.Destination : row.Source);
            }
        }

        return (first, peers);
    }

    private sealed record Seen(RecordSet Records, IpAddress? Ip, string? Hostname, HashSet<int> Places, bool Devices, bool Extra,
        bool Score);
}
