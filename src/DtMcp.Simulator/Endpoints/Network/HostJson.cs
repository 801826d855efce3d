using System.Buffers;
using System.Text.Json;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>
/// A device of the sdk dialect as UTF-8, made once for each address of an answer:
/// <code>
/// {"did":123,"ip":"192.168.1.100","hostname":"workstation-01","devicelabel":"Employee Workstation"}
/// {"ip":"203.0.113.77","hostname":"cdn.example.test"}
/// </code>
/// Full details add <c>macaddress, vendor, os, devicetype, firstseen, lastseen, tags</c>. An address that is no device has no did.
/// </summary>
internal sealed class HostJson(RecordSet records, bool full)
{
    private readonly byte[]?[] _made = new byte[]?[records.Addresses.Length];

    public ReadOnlySpan<byte> this[int address] => _made[address] ??= Make(address);

    private byte[] Make(int address)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        var device = records.Devices.At(address);
        json.WriteStartObject();
        if (device is not null)
        {
            json.WriteNumber("did"u8, device.Did);
        }

        json.WriteString("ip"u8, records.Addresses[address].ToString());
        WriteKnown(json, "hostname"u8, device?.Facts.Hostname ?? records.Outside.GetValueOrDefault(records.Addresses[address])?.Hostname);
        if (device is not null)
        {
            WriteKnown(json, "devicelabel"u8, device.Facts.Label);
            if (full)
            {
                WriteDetails(json, device);
            }
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteDetails(Utf8JsonWriter json, Device device)
    {
        WriteKnown(json, "macaddress"u8, device.Facts.Mac);
        WriteKnown(json, "vendor"u8, device.Facts.Vendor);
        WriteKnown(json, "os"u8, device.Facts.Os);
        WriteKnown(json, "devicetype"u8, device.Facts.TypeName);
        json.WriteNumber("firstseen"u8, device.FirstSeenMs);
        json.WriteNumber("lastseen"u8, device.LastSeenMs);
        json.WriteStartArray("tags"u8);
        foreach (var tag in device.Facts.Tags)
        {
            json.WriteStringValue(tag);
        }

        json.WriteEndArray();
    }

    private static void WriteKnown(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
