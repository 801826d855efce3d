using System.Text.Json;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary>
/// Device objects as the companion endpoints write them: the same facts under names that differ by endpoint.
/// </summary>
internal static class DeviceJson
{
    private const long Hour = 3_600_000;

    // The subnet of all client sensors.
    private const int ClientSensors = -11;

    /// <summary><c>/devices</c>: <c>id</c> beside <c>did</c>, <c>time</c> and <c>endtime</c>.</summary>
    public static void WriteListed(Utf8JsonWriter json, Device device, bool includeTags)
    {
        json.WriteStartObject();
        json.WriteNumber("id", device.Did);
        WriteCard(json, device);
        WriteAddresses(json, device);
        json.WriteNumber("did", device.Did);
        json.WriteNumber("sid", SidOf(device));
        WriteText(json, "hostname", device.Facts.Hostname);
        json.WriteNumber("time", device.FirstSeenMs);
        json.WriteNumber("endtime", device.LastSeenMs);
        WriteKind(json, device);
        if (includeTags)
        {
            WriteTags(json, device);
        }

        json.WriteEndObject();
    }

    /// <summary><c>/devicesearch</c>: <c>firstSeen</c>, which some devices have as <c>firstseen</c>.</summary>
    public static void WriteFound(Utf8JsonWriter json, Device device)
    {
        var lower = device.Did % 3 == 0;
        json.WriteStartObject();
        json.WriteNumber("did", device.Did);
        WriteCard(json, device);
        WriteAddresses(json, device);
        json.WriteNumber("sid", SidOf(device));
        WriteText(json, "hostname", device.Facts.Hostname);
        json.WriteNumber(lower ? "firstseen" : "firstSeen", device.FirstSeenMs);
        json.WriteNumber(lower ? "lastseen" : "lastSeen", device.LastSeenMs);
        WriteKind(json, device);
        WriteTags(json, device);
        json.WriteEndObject();
    }

    /// <summary>Inside <c>/endpointdetails</c>.</summary>
    public static void WriteSeen(Utf8JsonWriter json, Device device)
    {
        json.WriteStartObject();
        json.WriteNumber("did", device.Did);
        WriteAddresses(json, device);
        json.WriteNumber("sid", SidOf(device));
        WriteText(json, "hostname", device.Facts.Hostname);
        json.WriteNumber("firstSeen", device.FirstSeenMs);
        json.WriteNumber("lastSeen", device.LastSeenMs);
        WriteKind(json, device);
        json.WriteEndObject();
    }

    /// <summary>Inside <c>/details</c>: <c>time</c> is a string there.</summary>
    public static void WriteEnd(Utf8JsonWriter json, Device device)
    {
        json.WriteStartObject();
        json.WriteNumber("id", device.Did);
        json.WriteNumber("did", device.Did);
        if (!device.Facts.IsClientSensor)
        {
            WriteText(json, "macaddress", device.Facts.Mac);
        }

        WriteAddresses(json, device);
        json.WriteNumber("sid", SidOf(device));
        WriteText(json, "hostname", device.Facts.Hostname);
        json.WriteString("time", device.FirstSeenMs.ToString(System.Globalization.CultureInfo.InvariantCulture));
        WriteKind(json, device);
        json.WriteEndObject();
    }

    /// <summary>Inside <c>/modelbreaches</c>.</summary>
    public static void WriteBreached(Utf8JsonWriter json, Device device)
    {
        json.WriteStartObject();
        json.WriteNumber("did", device.Did);
        if (!device.Facts.IsClientSensor)
        {
            WriteAddresses(json, device);
        }

        json.WriteNumber("sid", SidOf(device));
        WriteText(json, "hostname", device.Facts.Hostname);
        WriteText(json, "typename", device.Facts.TypeName);
        WriteText(json, "typelabel", device.Facts.TypeLabel);
        json.WriteEndObject();
    }

    public static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static int SidOf(Device device) => device.Facts.IsClientSensor ? ClientSensors : device.Sid;

    // A client sensor has its cards among its interfaces.
    private static void WriteCard(Utf8JsonWriter json, Device device)
    {
        if (!device.Facts.IsClientSensor)
        {
            WriteText(json, "macaddress", device.Facts.Mac);
            WriteText(json, "vendor", device.Facts.Vendor);
        }
    }

    private static void WriteAddresses(Utf8JsonWriter json, Device device)
    {
        if (device.Facts.IsClientSensor)
        {
            WriteInterfaces(json, device);
            return;
        }

        var seen = device.LastSeenMs - (device.LastSeenMs % Hour);
        json.WriteString("ip", device.Address.ToString());
        json.WriteStartArray("ips");
        WriteAddress(json, device, device.Address, seen);
        foreach (var (address, days) in device.Facts.Former)
        {
            WriteAddress(json, device, address, seen - (days * 24 * Hour));
        }

        json.WriteEndArray();
    }

    private static void WriteAddress(Utf8JsonWriter json, Device device, IpAddress address, long seen)
    {
        json.WriteStartObject();
        json.WriteString("ip", address.ToString());
        json.WriteNumber("timems", seen);
        json.WriteString("time", WireTime.Seconds(seen));
        json.WriteNumber("sid", device.Sid);
        json.WriteEndObject();
    }

    // [{"mac":"...","vendor":"","ips":[{"ip":"...","sid":-11,"hostname":"...","time":1768467000}]}], in seconds.
    private static void WriteInterfaces(Utf8JsonWriter json, Device device)
    {
        json.WriteStartArray("interfaces");
        json.WriteStartObject();
        WriteText(json, "mac", device.Facts.Mac);
        json.WriteString("vendor", device.Facts.Vendor ?? "");
        json.WriteStartArray("ips");
        json.WriteStartObject();
        json.WriteString("ip", device.Address.ToString());
        json.WriteNumber("sid", ClientSensors);
        WriteText(json, "hostname", device.Facts.Hostname);
        json.WriteNumber("time", device.LastSeenMs / 1000);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteKind(Utf8JsonWriter json, Device device)
    {
        WriteText(json, "os", device.Facts.Os);
        WriteText(json, "devicelabel", device.Facts.Label);
        WriteText(json, "typename", device.Facts.TypeName);
        WriteText(json, "typelabel", device.Facts.TypeLabel);
    }

    // {"tid":..,"expiry":0,"thid":..,"name":"Admin","restricted":false,
    //  "data":{"auto":false,"color":110,"description":"","visibility":"Public"},"isReferenced":true}
    private static void WriteTags(Utf8JsonWriter json, Device device)
    {
        json.WriteStartArray("tags");
        foreach (var tag in device.Facts.Tags)
        {
            var number = 1 + (tag.Sum(letter => letter) % 97);
            json.WriteStartObject();
            json.WriteNumber("tid", number);
            json.WriteNumber("expiry", 0);
            json.WriteNumber("thid", number);
            json.WriteString("name", tag);
            json.WriteBoolean("restricted", false);
            json.WriteStartObject("data");
            json.WriteBoolean("auto", false);
            json.WriteNumber("color", 110);
            json.WriteString("description", "");
            json.WriteString("visibility", "Public");
            json.WriteEndObject();
            json.WriteBoolean("isReferenced", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
