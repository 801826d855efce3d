using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary>One event of <c>/details</c>: ports in camel case, no bytes.</summary>
internal sealed class DetailsJson(RecordSet records, long nowMs, bool full)
{
    private static readonly ConditionalWeakTable<RecordSet, int[]> Counts = [];

    private readonly int[] _counts = Counts.GetValue(records, Count);

    /// <param name="json">Where to.</param>
    /// <param name="what">The row, and the device whose side is taken for <c>direction</c>.</param>
    public void WriteConnection(Utf8JsonWriter json, (int Row, long? Did) what)
    {
        ref readonly var row = ref records.Rows[what.Row];
        var (source, destination) = (records.Devices.At(row.Source), records.Devices.At(row.Destination));
        json.WriteStartObject();
        json.WriteString("time", WireTime.Seconds(row.StartMs));
        json.WriteNumber("timems", row.StartMs);
        json.WriteString("action", "connection");
        json.WriteString("eventType", "connection");
        json.WriteString("uid", records.Uid(what.Row));
        if (row.State is ConnState.S0 or ConnState.REJ or ConnState.RSTOS0 or ConnState.SH)
        {
            json.WriteString("status", "failed");
        }
        else if (row.EndMs > nowMs)
        {
            json.WriteString("status", "ongoing");
        }

        if (source is not null)
        {
            json.WriteNumber("sdid", source.Did);
        }

        if (destination is not null)
        {
            json.WriteNumber("ddid", destination.Did);
        }

        json.WriteNumber("port", row.DestinationPort);
        json.WriteNumber("sourcePort", row.SourcePort);
        json.WriteNumber("destinationPort", row.DestinationPort);
        json.WriteString("direction", what.Did is { } did ? (source?.Did == did ? "out" : "in") : source is not null ? "out" : "in");
        json.WriteString("applicationprotocol", WireCodes.ApplicationProtocolName(records.Services[row.Service]));
        json.WriteString("protocol", records.Protocols[row.Protocol].ToUpperInvariant());
        json.WritePropertyName("sourceDevice");
        WriteEnd(json, row.Source, source);
        json.WritePropertyName("destinationDevice");
        WriteEnd(json, row.Destination, destination);
        json.WriteString("source", NameOf(row.Source, source));
        json.WriteString("destination", NameOf(row.Destination, destination));
        json.WriteEndObject();
    }

    public static void WriteBreach(Utf8JsonWriter json, ModelBreach breach)
    {
        json.WriteStartObject();
        json.WriteString("time", WireTime.Seconds(breach.TimeMs));
        json.WriteNumber("timems", breach.TimeMs);
        json.WriteNumber("pbid", breach.Pbid);
        json.WriteNumber("pid", breach.Pid);
        json.WriteString("action", "policybreach");
        json.WriteString("eventType", "policybreach");
        json.WriteString("creationTime", WireTime.Seconds(breach.TimeMs + 4_000));
        json.WriteString("uuid", breach.Uuid);
        json.WriteString("name", breach.ModelName);
        json.WriteNumber("score", breach.Score);
        json.WriteEndObject();
    }

    private void WriteEnd(Utf8JsonWriter json, int place, Device? device)
    {
        if (device is not null)
        {
            DeviceJson.WriteEnd(json, device);
            return;
        }

        var address = records.Addresses[place];
        json.WriteStartObject();
        if (records.IsInternal(place))
        {
            json.WriteString("ip", address.ToString());
            json.WriteEndObject();
            return;
        }

        var info = records.Outside.GetValueOrDefault(address) ?? new OutsideInfo();
        if (full || info.Hostname is null)
        {
            json.WriteNumber("longitude", info.Longitude ?? 0);
            json.WriteNumber("latitude", info.Latitude ?? 0);
            json.WriteString("city", info.City ?? "");
            json.WriteString("country", info.Country ?? "");
            json.WriteString("countrycode", info.CountryCode ?? "");
            json.WriteString("asn", info.Asn ?? "");
            json.WriteString("region", info.Region ?? "");
            json.WriteString("ip", address.ToString());
        }

        var popularity = Popularity(place);
        if (info.Hostname is { } hostname)
        {
            json.WriteString("hostname", hostname);
            json.WriteString("hostnamepopularity", popularity);
            json.WriteString("domain", string.Join('.', hostname.Split('.').TakeLast(2)));
            json.WriteString("domainpopularity", popularity);
        }

        json.WriteString("ippopularity", popularity);
        json.WriteEndObject();
    }

    private string NameOf(int place, Device? device) =>
        device?.DisplayName ?? records.Outside.GetValueOrDefault(records.Addresses[place])?.Hostname ?? records.Addresses[place].ToString();

    // From "0" (rare) toward "100", by how often the address comes up.
    private string Popularity(int place) => (100L * _counts[place] / (_counts[place] + 2_000L)).ToString(CultureInfo.InvariantCulture);

    private static int[] Count(RecordSet records)
    {
        var counts = new int[records.Addresses.Length];
        foreach (ref readonly var row in records.Rows.AsSpan())
        {
            counts[row.Source]++;
            counts[row.Destination]++;
        }

        return counts;
    }
}
