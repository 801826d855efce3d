using System.Text.Json;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>One end of an event of <c>/details</c>: a device, or a host outside with its geography.</summary>
public sealed record EventEnd(long? Did, string? Ip, HostDetails Details)
{
    internal static EventEnd? Parse(ref Utf8JsonReader reader)
    {
        long? did = null;
        string? ip = null, hostname = null, os = null, mac = null, label = null, type = null, country = null, asn = null;
        while (Json.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "did": did = Json.Whole(ref reader); break;
                case "ip": ip = Json.Text(ref reader); break;
                case "hostname": hostname = Json.Text(ref reader); break;
                case "os": os = Json.Text(ref reader); break;
                case "macaddress": mac = Json.Text(ref reader); break;
                case "devicelabel": label = Json.Text(ref reader); break;
                case "typelabel": type = Json.Text(ref reader); break;
                case "country": country = Json.Text(ref reader); break;
                case "asn": asn = Json.Text(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new EventEnd(
            did, ip, new HostDetails { Hostname = hostname, Os = os, MacAddress = mac, DeviceLabel = label, Type = type, Country = country, Asn = asn });
    }
}

/// <summary>A connection or event of <c>/details</c>: who, when, which ports and protocols; bytes where they were asked for.</summary>
public sealed record DeviceEvent
{
    /// <summary>Milliseconds since 1970.</summary>
    public long? TimeMs { get; init; }

    public string? Action { get; init; }

    public string? EventType { get; init; }

    /// <summary>Of a connection; a long one comes as several rows of the same.</summary>
    public string? Uid { get; init; }

    /// <summary><c>failed</c> or <c>ongoing</c>; null when completed.</summary>
    public string? Status { get; init; }

    public long? SourceDid { get; init; }

    public long? DestinationDid { get; init; }

    public int? SourcePort { get; init; }

    public int? DestinationPort { get; init; }

    /// <summary><c>in</c> or <c>out</c>, as the device asked for sees it.</summary>
    public string? Direction { get; init; }

    public string? Protocol { get; init; }

    public string? ApplicationProtocol { get; init; }

    /// <summary>Bytes of the connection so far, to and from the device asked for.</summary>
    public long? TotalBytesIn { get; init; }

    public long? TotalBytesOut { get; init; }

    public string? Info { get; init; }

    /// <summary>Name or address of the source.</summary>
    public string? Source { get; init; }

    public string? Destination { get; init; }

    public EventEnd? SourceEnd { get; init; }

    public EventEnd? DestinationEnd { get; init; }

    /// <summary><c>{"timems":1768467522000,"action":"connection","eventType":"connection","uid":"C1","status":"failed","sdid":212,"sourcePort":51416,"destinationPort":443,
    /// "direction":"out","applicationprotocol":"HTTPS","protocol":"TCP","sourceDevice":{},"destinationDevice":{},"source":"fin-ws-07","destination":"c2.example.org"}</c></summary>
    internal static DeviceEvent? Parse(ref Utf8JsonReader reader)
    {
        var item = new DeviceEvent();
        long? time = null;
        var told = false;
        while (Json.NextField(ref reader, out var field))
        {
            told = true;
            switch (field)
            {
                case "time": time = Json.Time(ref reader); break;
                case "timems": item = item with { TimeMs = Json.Time(ref reader) }; break;
                case "action": item = item with { Action = Json.Text(ref reader) }; break;
                case "eventtype": item = item with { EventType = Json.Text(ref reader) }; break;
                case "uid": item = item with { Uid = Json.Text(ref reader) }; break;
                case "status": item = item with { Status = Json.Text(ref reader) }; break;
                case "sdid": item = item with { SourceDid = Json.Whole(ref reader) }; break;
                case "ddid": item = item with { DestinationDid = Json.Whole(ref reader) }; break;
                case "sourceport": item = item with { SourcePort = Json.Port(ref reader) }; break;
                case "destinationport": item = item with { DestinationPort = Json.Port(ref reader) }; break;
                case "direction": item = item with { Direction = Json.Text(ref reader) }; break;
                case "protocol": item = item with { Protocol = Json.Text(ref reader) }; break;
                case "applicationprotocol": item = item with { ApplicationProtocol = Json.Text(ref reader) }; break;
                case "totalbytesin": item = item with { TotalBytesIn = Json.Whole(ref reader) }; break;
                case "totalbytesout": item = item with { TotalBytesOut = Json.Whole(ref reader) }; break;
                case "info": item = item with { Info = Json.Text(ref reader) }; break;
                case "source": item = item with { Source = Json.Text(ref reader) }; break;
                case "destination": item = item with { Destination = Json.Text(ref reader) }; break;
                case "sourcedevice": item = item with { SourceEnd = Json.IsObject(ref reader) ? EventEnd.Parse(ref reader) : null }; break;
                case "destinationdevice": item = item with { DestinationEnd = Json.IsObject(ref reader) ? EventEnd.Parse(ref reader) : null }; break;
                default: reader.Skip(); break;
            }
        }

        return told ? item with { TimeMs = item.TimeMs ?? time } : null;
    }
}
