using System.Text.Json;
using DtMcp.Darktrace.Flows;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>One end of an event of <c>/details</c>: a device, or a host outside with its geography.</summary>
public sealed record EventEnd(long? Did, string? Ip, HostDetails Details)
{
    internal static EventEnd? Parse(ref Utf8JsonReader reader)
    {
        long? did = null;
        string? ip = null, hostname = null, os = null, mac = null, label = null, type = null, country = null, asn = null;
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "did": did = JsonFields.Whole(ref reader); break;
                case "ip": ip = JsonFields.Text(ref reader); break;
                case "hostname": hostname = JsonFields.Text(ref reader); break;
                case "os": os = JsonFields.Text(ref reader); break;
                case "macaddress": mac = JsonFields.Text(ref reader); break;
                case "devicelabel": label = JsonFields.Text(ref reader); break;
                case "typelabel": type = JsonFields.Text(ref reader); break;
                case "country": country = JsonFields.Text(ref reader); break;
                case "asn": asn = JsonFields.Text(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new EventEnd(
            did, ip, new HostDetails
            {
                Hostname = hostname,
                Os = os,
                MacAddress = mac,
                DeviceLabel = label,
                Type = type,
                Country = country,
                Asn = asn,
            });
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

    /// <summary>
    /// <c>{"timems":1768467522000,"action":"connection","eventType":"connection","uid":"C1","status":"failed","sdid":212,
    /// "sourcePort":51416,"destinationPort":443,"direction":"out","applicationprotocol":"HTTPS","protocol":"TCP",
    /// "sourceDevice":{},"destinationDevice":{},"source":"fin-ws-07","destination":"c2.example.org"}</c>
    /// </summary>
    internal static DeviceEvent? Parse(ref Utf8JsonReader reader)
    {
        var item = new DeviceEvent();
        long? time = null;
        var told = false;
        while (JsonFields.NextField(ref reader, out var field))
        {
            told = true;
            switch (field)
            {
                case "time": time = JsonFields.Time(ref reader); break;
                case "timems": item = item with { TimeMs = JsonFields.Time(ref reader) }; break;
                case "action": item = item with { Action = JsonFields.Text(ref reader) }; break;
                case "eventtype": item = item with { EventType = JsonFields.Text(ref reader) }; break;
                case "uid": item = item with { Uid = JsonFields.Text(ref reader) }; break;
                case "status": item = item with { Status = JsonFields.Text(ref reader) }; break;
                case "sdid": item = item with { SourceDid = JsonFields.Whole(ref reader) }; break;
                case "ddid": item = item with { DestinationDid = JsonFields.Whole(ref reader) }; break;
                case "sourceport": item = item with { SourcePort = JsonFields.Port(ref reader) }; break;
                case "destinationport": item = item with { DestinationPort = JsonFields.Port(ref reader) }; break;
                case "direction": item = item with { Direction = JsonFields.Text(ref reader) }; break;
                case "protocol": item = item with { Protocol = JsonFields.Text(ref reader) }; break;
                case "applicationprotocol": item = item with { ApplicationProtocol = JsonFields.Text(ref reader) }; break;
                case "totalbytesin": item = item with { TotalBytesIn = JsonFields.Whole(ref reader) }; break;
                case "totalbytesout": item = item with { TotalBytesOut = JsonFields.Whole(ref reader) }; break;
                case "info": item = item with { Info = JsonFields.Text(ref reader) }; break;
                case "source": item = item with { Source = JsonFields.Text(ref reader) }; break;
                case "destination": item = item with { Destination = JsonFields.Text(ref reader) }; break;
                case "sourcedevice":
                    item = item with
                    {
                        SourceEnd = JsonFields.IsObject(ref reader) ? EventEnd.Parse(ref reader) : null,
                    }; break;
                case "destinationdevice":
                    item = item with
                    {
                        DestinationEnd = JsonFields.IsObject(ref reader) ? EventEnd.Parse(ref reader) : null,
                    }; break;
                default: reader.Skip(); break;
            }
        }

        return told ? item with { TimeMs = item.TimeMs ?? time } : null;
    }
}
