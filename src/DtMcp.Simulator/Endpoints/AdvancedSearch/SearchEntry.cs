using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// One entry as an appliance has it: <c>start_ts</c> and <c>epochdate</c> (no <c>ts</c>), <c>@timestamp</c> of its insertion, the
/// appliance's own idea of inside (as text in some), country and network of outside ends. Two probes saw the connections.
/// </summary>
internal sealed class SearchEntry(RecordSet records)
{
    /// <summary>The probe that falls silent when a fault says so.</summary>
    public const string SecondProbe = "vmprobe2";

    private const string FirstProbe = "vmprobe";

    private readonly RecordEnds _ends = RecordEnds.Of(records);
    private readonly byte[] _message = new byte[1024];

    /// <summary>Whether the second probe saw a connection: one originator in eight is behind it.</summary>
    public static bool IsOfSecondProbe(in ConnectionRecord row) => row.Source % 8 == 7;

    public void Write(Utf8JsonWriter json, int number)
    {
        ref readonly var row = ref records.Rows[number];
        var inserted = Insertion.Of(records, number);
        var isSecond = IsOfSecondProbe(row);
        json.WriteStartObject();
        json.WriteString("_index"u8, $"logstash-{(isSecond ? SecondProbe : FirstProbe)}-{WireTime.Format(inserted, "yyyy.MM.dd")}");
        json.WriteString("_type"u8, "doc"u8);
        json.WriteString("_id"u8, string.Create(CultureInfo.InvariantCulture, $"conn-{number}"));
        json.WriteNull("_score"u8);
        json.WriteStartObject("_source"u8);
        WriteFields(json, number, row);
        json.WriteString("@type"u8, "conn"u8);
        json.WriteString("@timestamp"u8, WireTime.Format(inserted, "yyyy-MM-dd'T'HH:mm:ss"));
        json.WriteString("@message"u8, Message(number, row));
        json.WriteString("@darktrace_probe"u8, isSecond ? "2"u8 : "1"u8);
        json.WriteEndObject();
        json.WriteStartArray("sort"u8);
        json.WriteNumberValue(inserted);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteFields(Utf8JsonWriter json, int number, in ConnectionRecord row)
    {
        json.WriteStartObject("@fields"u8);
        json.WriteNumber("orig_pkts"u8, row.OrigPackets);
        json.WriteNumber("epochdate"u8, Start(row));
        json.WriteNumber("orig_ttl"u8, 128);
        json.WriteNumber("resp_bytes"u8, row.RespBytes);
        json.WriteNumber("missed_bytes_resp"u8, 0);
        if (row.HasDuration)
        {
            json.WriteNumber("duration"u8, row.DurationSeconds);
        }

        json.WriteString("source_ip"u8, _ends.Addresses[row.Source]);
        json.WriteNumber("source_port"u8, row.SourcePort);
        json.WriteString("dest_ip"u8, _ends.Addresses[row.Destination]);
        json.WriteNumber("dest_port"u8, row.DestinationPort);
        if (row.RespPackets > 0)
        {
            json.WriteNumber("resp_ttl"u8, 52);
        }

        if (row.State != ConnState.None)
        {
            json.WriteString("conn_state"u8, row.State.ToString());
            json.WriteString("conn_state_full"u8, ConnText.Full(row.State));
            json.WriteString("history"u8, ConnText.History(row.State));
        }

        json.WriteNumber("orig_bytes"u8, row.OrigBytes);
        json.WriteNumber("resp_ip_bytes"u8, row.RespBytes + (row.RespPackets * 40));
        WriteOutside(json, "orig_cc"u8, "orig_asn"u8, row.Source);
        WriteOutside(json, "resp_cc"u8, "resp_asn"u8, row.Destination);
        json.WriteNumber("resp_pkts"u8, row.RespPackets);
        json.WriteString("proto"u8, records.Protocols[row.Protocol]);
        json.WriteNumber("orig_ip_bytes"u8, row.OrigBytes + (row.OrigPackets * 40));
        json.WriteNumber("start_ts"u8, Start(row));
        json.WriteNumber("missed_bytes_orig"u8, 0);
        json.WriteString("uid"u8, records.Uid(number));
        WriteLocal(json, "local_resp"u8, records.IsLocal(row.Destination), number);
        WriteLocal(json, "local_orig"u8, records.IsLocal(row.Source), number);
        if (row.Service != 0)
        {
            json.WriteString("service"u8, records.Services[row.Service]);
        }

        json.WriteEndObject();
    }

    private void WriteOutside(Utf8JsonWriter json, ReadOnlySpan<byte> country, ReadOnlySpan<byte> network, int address)
    {
        if (_ends.Countries[address] is { } code)
        {
            json.WriteString(country, code);
        }

        if (_ends.Networks[address] is { } asn)
        {
            json.WriteString(network, asn);
        }
    }

    // Booleans in most entries, texts in some.
    private static void WriteLocal(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool isLocal, int number)
    {
        if (number % 5 == 3)
        {
            json.WriteString(name, isLocal ? "true"u8 : "false"u8);
        }
        else
        {
            json.WriteBoolean(name, isLocal);
        }
    }

    // Epoch seconds with three decimals, always: 1768467522.000.
    private static decimal Start(in ConnectionRecord row) =>
        new((int)row.StartMs, (int)(row.StartMs >> 32), 0, isNegative: false, scale: 3);

    // The first columns of the sensor's own line, with tabs between.
    private ReadOnlySpan<byte> Message(int number, in ConnectionRecord row)
    {
        Utf8Formatter.TryFormat(Start(row), _message, out var used);
        Add(records.Uid(number), ref used);
        Add(_ends.Addresses[row.Source].EncodedUtf8Bytes, ref used);
        Add(row.SourcePort, ref used);
        Add(_ends.Addresses[row.Destination].EncodedUtf8Bytes, ref used);
        Add(row.DestinationPort, ref used);
        Add(records.Protocols[row.Protocol], ref used);
        return _message.AsSpan(0, used);
    }

    private void Add(string text, ref int used)
    {
        _message[used++] = (byte)'\t';
        used += System.Text.Encoding.UTF8.GetBytes(text.AsSpan(0, Math.Min(text.Length, 100)), _message.AsSpan(used));
    }

    private void Add(ReadOnlySpan<byte> text, ref int used)
    {
        _message[used++] = (byte)'\t';
        text.CopyTo(_message.AsSpan(used));
        used += text.Length;
    }

    private void Add(int number, ref int used)
    {
        _message[used++] = (byte)'\t';
        Utf8Formatter.TryFormat(number, _message.AsSpan(used), out var length);
        used += length;
    }
}
