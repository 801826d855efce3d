using System.Text.Json;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>An address of a host name, with the first and last time that it was (milliseconds since 1970).</summary>
public sealed record EndpointAddress(string Ip, long? FirstTime, long? LastTime);

/// <summary>What the appliance knows of an address or a host name (<c>/endpointdetails</c>). Absent members were not told.</summary>
public sealed record EndpointDetails
{
    public string? Ip { get; init; }

    public string? Hostname { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public long? FirstTime { get; init; }

    public string? Country { get; init; }

    public string? Asn { get; init; }

    public string? City { get; init; }

    public string? Region { get; init; }

    /// <summary>Whether the address is inside, by the appliance's own lights (<c>name</c> is <c>internal_ip</c>).</summary>
    public bool IsInternal { get; init; }

    public long? SubnetId { get; init; }

    public string? SubnetLabel { get; init; }

    public string? SubnetNetwork { get; init; }

    /// <summary>Seconds since the address was first seen.</summary>
    public long? AgeSeconds { get; init; }

    /// <summary>How much of the network speaks with it, 0 to 100; 0 is rare.</summary>
    public double? Popularity { get; init; }

    /// <summary>How much a host name looks made up by an algorithm, 0 to 100.</summary>
    public double? DgaScore { get; init; }

    /// <summary>Addresses of a host name.</summary>
    public required IReadOnlyList<EndpointAddress> Ips { get; init; }

    /// <summary>Countries of a host name's addresses, each once.</summary>
    public IReadOnlyList<string> Countries { get; init; } = [];

    /// <summary>Devices that spoke with it, when they were asked for.</summary>
    public required IReadOnlyList<Device> Devices { get; init; }

    /// <summary><c>{"ip":"203.0.113.77","firsttime":1768400000000,"country":"Germany","asn":"AS64511 Example
    /// Hosting","region":"Europe","devices":[]}</c> or
    /// <c>{"subnetlabel":"Finance","subnetid":"12","subnetnetwork":"192.0.2.0/24","name":"internal_ip"}</c>.</summary>
    internal static EndpointDetails Parse(ref Utf8JsonReader reader)
    {
        var items = JsonFields.Items(ref reader, ParseOne);
        return items.Count > 0 ? items[0] : new EndpointDetails { Ips = [], Devices = [] };
    }

    private static EndpointDetails ParseOne(ref Utf8JsonReader reader)
    {
        var details = new EndpointDetails { Ips = [], Devices = [] };
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "ip": details = details with { Ip = JsonFields.Text(ref reader) }; break;
                case "hostname": details = details with { Hostname = JsonFields.Text(ref reader) }; break;
                case "firsttime": details = details with { FirstTime = JsonFields.Time(ref reader) }; break;
                case "country": details = details with { Country = JsonFields.Text(ref reader) }; break;
                case "asn": details = details with { Asn = JsonFields.Text(ref reader) }; break;
                case "city": details = details with { City = JsonFields.Text(ref reader) }; break;
                case "region": details = details with { Region = JsonFields.Text(ref reader) }; break;
                case "name": details = details with { IsInternal = JsonFields.Text(ref reader) == "internal_ip" }; break;
                case "subnetid": details = details with { SubnetId = JsonFields.Whole(ref reader) }; break;
                case "subnetlabel": details = details with { SubnetLabel = JsonFields.Text(ref reader) }; break;
                case "subnetnetwork": details = details with { SubnetNetwork = JsonFields.Text(ref reader) }; break;
                case "ipage": details = details with { AgeSeconds = JsonFields.Whole(ref reader) }; break;
                case "popularity": details = details with { Popularity = JsonFields.Number(ref reader) }; break;
                case "dgascore": details = details with { DgaScore = JsonFields.Number(ref reader) }; break;
                case "ips": details = details with { Ips = JsonFields.Items(ref reader, ParseAddress) }; break;
                case "locations": details = details with { Countries = [.. JsonFields.Texts(ref reader, "country").Distinct()] }; break;
                case "devices": details = details with { Devices = JsonFields.Items(ref reader, Device.Parse) }; break;
                default: reader.Skip(); break;
            }
        }

        return details;
    }

    private static EndpointAddress? ParseAddress(ref Utf8JsonReader reader)
    {
        string? ip = null;
        long? first = null, last = null;
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "ip": ip = JsonFields.Text(ref reader); break;
                case "firsttime": first = JsonFields.Time(ref reader); break;
                case "lasttime": last = JsonFields.Time(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return ip is null ? null : new EndpointAddress(ip, first, last);
    }
}
