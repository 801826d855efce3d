using System.Globalization;
using System.Text.Json;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>
/// <c>devices[]</c>, <c>externaldevices[]</c> and <c>subnets[]</c>. Their <c>size</c> follows the metric: bytes, or a number of
/// connections.
/// <code>
/// {"did":212,"size":565248,"timems":1768467540000,"ips":["192.0.2.39"],"sid":12,"ip":"192.0.2.39","network":"192.0.2.0/24"}
/// {"id":3325256728,"size":552960,"timems":1768467540000,"hostname":"cdn.example.net","name":"cdn.example.net",
///  "hostnames":[{"hostname":"cdn.example.net","count":14}],...}
/// {"sid":-6,"size":3813839,"timems":1768467540000,"network":"","label":"Internal Traffic"}
/// </code>
/// With full details <c>ips</c> holds objects, attributes that are not known are missing, and <c>sid</c> and <c>ip</c> come twice, as in
/// the guide's example.
/// </summary>
internal sealed class GuideHosts(RecordSet records, GuideTally tally, AnswerWriter answer)
{
    /// <summary>Darktrace's own sid for traffic that is inside and in no subnet of its own.</summary>
    public const int InternalTraffic = -6;

    private readonly Utf8JsonWriter _json = answer.Json;

    /// <summary>The id of an outside host: an IPv4 address as a number; for IPv6 one above all of those.</summary>
    public static long ExternalId(IpAddress address) => address.IsIPv4
        ? (long)(uint)address.Bits
        : (1L << 32) | ((long)((address.Bits ^ (address.Bits >> 61)) & 0xF_FFFF_FFFF_FFFF));

    public async Task WriteDevicesAsync(bool full, CancellationToken cancellationToken)
    {
        _json.WriteStartArray("devices"u8);
        foreach (var device in records.Devices.All.Where(device => tally.Hosts[device.AddressIndex].IsSeen).OrderByDescending(device =>
            tally.Hosts[device.AddressIndex].Size))
        {
            WriteDevice(device, tally.Hosts[device.AddressIndex], full);
            await answer.DrainAsync(cancellationToken).ConfigureAwait(false);
        }

        _json.WriteEndArray();
    }

    public async Task WriteExternalAsync(CancellationToken cancellationToken)
    {
        var counts = new Dictionary<int, int>();
        foreach (var (source, target) in tally.Pairs.Keys)
        {
            counts[source] = counts.GetValueOrDefault(source) + 1;
            counts[target] = counts.GetValueOrDefault(target) + 1;
        }

        _json.WriteStartArray("externaldevices"u8);
        var hosts = tally.Hosts;
        foreach (var address in Enumerable.Range(0,
            hosts.Length).Where(i => hosts[i].IsSeen && !records.IsInternal(i)).OrderByDescending(i => hosts[i].Size))
        {
            WriteExternal(records.Addresses[address], hosts[address], counts.GetValueOrDefault(address));
            await answer.DrainAsync(cancellationToken).ConfigureAwait(false);
        }

        _json.WriteEndArray();
    }

    /// <summary>Empty for a device.</summary>
    public void WriteSubnets(bool isDeviceView)
    {
        _json.WriteStartArray("subnets"u8);
        if (!isDeviceView)
        {
            if (tally.InternalSize.IsSeen)
            {
                WriteSubnet(InternalTraffic, tally.InternalSize, "", "Internal Traffic");
            }

            foreach (var subnet in records.Subnets.All.Where(subnet => tally.SubnetSizes[subnet.Sid].IsSeen).OrderByDescending(subnet =>
                tally.SubnetSizes[subnet.Sid].Size))
            {
                WriteSubnet(subnet.Sid, tally.SubnetSizes[subnet.Sid], subnet.Range.ToString(), subnet.Label ?? "");
            }
        }

        _json.WriteEndArray();
    }

    private void WriteDevice(Device device, MetricSum sum, bool full)
    {
        var ip = device.Address.ToString();
        var facts = device.Facts;
        _json.WriteStartObject();
        _json.WriteNumber("did"u8, device.Did);
        if (full)
        {
            WriteKnown("macaddress", facts.Mac);
            WriteKnown("vendor", facts.Vendor);
            _json.WriteString("ip"u8, ip);
            _json.WriteStartArray("ips"u8);
            _json.WriteStartObject();
            _json.WriteString("ip"u8, ip);
            _json.WriteNumber("timems"u8, device.LastSeenMs);
            _json.WriteString("time"u8,
                DateTimeOffset.FromUnixTimeMilliseconds(device.LastSeenMs).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
            _json.WriteNumber("sid"u8, device.Sid);
            _json.WriteEndObject();
            _json.WriteEndArray();
            _json.WriteNumber("sid"u8, device.Sid);
            WriteKnown("hostname", facts.Hostname);
            _json.WriteNumber("firstSeen"u8, device.FirstSeenMs);
            _json.WriteNumber("lastSeen"u8, device.LastSeenMs);
            WriteKnown("os", facts.Os);
            WriteKnown("devicelabel", facts.Label);
            WriteKnown("typename", facts.TypeName);
            WriteKnown("typelabel", facts.TypeLabel);
            WriteTags(facts.Tags);
        }

        _json.WriteNumber("size"u8, sum.Size);
        _json.WriteNumber("timems"u8, sum.LastMs);
        if (!full)
        {
            _json.WriteStartArray("ips"u8);
            _json.WriteStringValue(ip);
            _json.WriteEndArray();
        }

        _json.WriteNumber("sid"u8, device.Sid);
        _json.WriteString("ip"u8, ip);
        _json.WriteString("network"u8, records.Subnets.BySid(device.Sid)?.Range.ToString() ?? "");
        _json.WriteEndObject();
    }

    private void WriteTags(IReadOnlyList<string> tags)
    {
        _json.WriteStartArray("tags"u8);
        foreach (var tag in tags)
        {
            var tid = 1 + (tag.Sum(letter => letter) % 500);
            _json.WriteStartObject();
            _json.WriteNumber("tid"u8, tid);
            _json.WriteNumber("expiry"u8, 0);
            _json.WriteNumber("thid"u8, tid);
            _json.WriteString("name"u8, tag);
            _json.WriteBoolean("restricted"u8, false);
            _json.WriteStartObject("data"u8);
            _json.WriteBoolean("auto"u8, false);
            _json.WriteNumber("color"u8, tid % 360);
            _json.WriteString("description"u8, "");
            _json.WriteString("visibility"u8, "Public");
            _json.WriteEndObject();
            _json.WriteBoolean("isReferenced"u8, false);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteExternal(IpAddress address, MetricSum sum, int peers)
    {
        var info = records.Outside.GetValueOrDefault(address);
        _json.WriteStartObject();
        _json.WriteNumber("id"u8, ExternalId(address));
        _json.WriteNumber("size"u8, sum.Size);
        _json.WriteNumber("timems"u8, sum.LastMs);
        WriteKnown("hostname", info?.Hostname);
        _json.WriteString("name"u8, info?.Hostname ?? address.ToString());
        _json.WriteStartArray("hostnames"u8);
        if (info?.Hostname is { } hostname)
        {
            _json.WriteStartObject();
            _json.WriteString("hostname"u8, hostname);
            _json.WriteNumber("count"u8, peers);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        WriteKnown("longitude", info?.Longitude);
        WriteKnown("latitude", info?.Latitude);
        WriteKnown("city", info?.City);
        WriteKnown("country", info?.Country);
        WriteKnown("countrycode", info?.CountryCode);
        WriteKnown("asn", info?.Asn);
        WriteKnown("region", info?.Region);
        _json.WriteString("ip"u8, address.ToString());
        _json.WriteEndObject();
    }

    private void WriteSubnet(int sid, MetricSum sum, string network, string label)
    {
        _json.WriteStartObject();
        _json.WriteNumber("sid"u8, sid);
        _json.WriteNumber("size"u8, sum.Size);
        _json.WriteNumber("timems"u8, sum.LastMs);
        _json.WriteString("network"u8, network);
        _json.WriteString("label"u8, label);
        _json.WriteEndObject();
    }

    private void WriteKnown(string name, string? value)
    {
        if (value is not null)
        {
            _json.WriteString(name, value);
        }
    }

    private void WriteKnown(string name, double? value)
    {
        if (value is { } number)
        {
            _json.WriteNumber(name, number);
        }
    }
}
