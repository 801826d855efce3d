using System.Text.Json;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>
/// <c>connections[]</c>, a row for each originator and responder. The trap: <c>size</c> is the seconds of the window times 10,000, no
/// bytes.
/// <code>
/// {"source":{"id":212,"ip":"192.0.2.39","type":"device"},"target":{"id":3325256728,"type":"externaldevice"},"timems":1768467540000,
///  "score":18,"size":36000000}
/// </code>
/// A named outside host has no <c>ip</c> where <c>externaldevices</c> gives it; an inside address that is no device (link-local, multicast)
/// is the subnet -6;
/// <c>score</c> is there for unusual pairs, and not in the view of a device.
/// </summary>
internal sealed class GuideConnections(RecordSet records, GuideTally tally, GuideVariant variant, UnusualPairs unusual, AnswerWriter answer)
{
    private readonly Utf8JsonWriter _json = answer.Json;

    public async Task WriteAsync(Filter window, CancellationToken cancellationToken)
    {
        // 1 h is 36,000,000; that is the milliseconds times 10.
        var size = (window.EndMs - window.StartMs) * 10;
        _json.WriteStartArray("connections"u8);
        foreach (var ((source, target), pair) in tally.Pairs)
        {
            if (!pair.IsCounted)
            {
                continue;
            }

            _json.WriteStartObject();
            WriteEnd("source"u8, source);
            WriteEnd("target"u8, target);
            _json.WriteNumber("timems"u8, pair.LastMs);
            if (!variant.IsDeviceView && unusual.Score(source, target) is { } score)
            {
                _json.WriteNumber("score"u8, score);
            }

            _json.WriteNumber("size"u8, size);
            _json.WriteEndObject();
            answer.Rows++;
            await answer.DrainAsync(cancellationToken).ConfigureAwait(false);
        }

        _json.WriteEndArray();
    }

    private void WriteEnd(ReadOnlySpan<byte> name, int index)
    {
        var address = records.Addresses[index];
        _json.WriteStartObject(name);
        if (records.Devices.At(index) is { } device)
        {
            _json.WriteNumber("id"u8, device.Did);
            _json.WriteString("ip"u8, address.ToString());
            _json.WriteString("type"u8, "device"u8);
        }
        else if (records.IsInternal(index))
        {
            _json.WriteNumber("id"u8, GuideHosts.InternalTraffic);
            _json.WriteString("type"u8, "subnet"u8);
        }
        else
        {
            _json.WriteNumber("id"u8, GuideHosts.ExternalId(address));
            if (!variant.ListsExternalDevices || records.Outside.GetValueOrDefault(address)?.Hostname is null)
            {
                _json.WriteString("ip"u8, address.ToString());
            }

            _json.WriteString("type"u8, "externaldevice"u8);
        }

        _json.WriteEndObject();
    }
}
