using System.Text.Json;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>
/// <c>statistics[]</c>: an object with a single key for each panel, spelt and ordered as irregularly as the guide shows them. Always bytes,
/// whatever the metric;
/// <c>in</c> and <c>out</c> are <c>false</c> in Views and for Breached.
/// <code>
/// {"Views":[{"View":"Single device","in":false,"out":false}]}
/// {"Connection Status":[{"Connections":"New","in":3072,"out":9216}]}
/// {"Remote Ports":[{"rport":443,"in":515072,"out":50176}]}
/// {"devices":[{"device":"cdn.example.net","ip":"cdn.example.net","in":512000,"out":40960}]}
/// </code>
/// </summary>
internal sealed class GuideStatistics(RecordSet records, GuideTally tally, GuideVariant variant, UnusualPairs unusual, AnswerWriter answer)
{
    private readonly Utf8JsonWriter _json = answer.Json;

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        _json.WriteStartArray("statistics"u8);
        foreach (var panel in variant.Panels)
        {
            _json.WriteStartObject();
            _json.WriteStartArray(panel);
            await WritePanelAsync(panel, cancellationToken).ConfigureAwait(false);
            _json.WriteEndArray();
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private async Task WritePanelAsync(string panel, CancellationToken cancellationToken)
    {
        switch (panel)
        {
            case "Views":
                foreach (var view in variant.Views)
                {
                    WriteFalse("View", view);
                }

                break;
            case "Connection Status":
                WriteStatus();
                break;
            case "Remote Ports":
                await WriteRowsAsync(Ranked(tally.RemotePorts, first: 1), port => _json.WriteNumber("rport"u8, port), tally.RemotePorts,
                    cancellationToken).ConfigureAwait(false);
                break;
            case "Local Ports":
                await WriteRowsAsync(Ranked(tally.LocalPorts, first: 1), port => _json.WriteNumber("lport"u8, port), tally.LocalPorts,
                    cancellationToken).ConfigureAwait(false);
                break;
            case "devices":
                await WriteRowsAsync(Ranked(tally.Peers), WritePeer, tally.Peers, cancellationToken).ConfigureAwait(false);
                break;
            case "Subnets" when !variant.IsDeviceView:
                await WriteRowsAsync(
                    Ranked(tally.Subnets), sid =>
                        _json.WriteString("subnet"u8, records.Subnets.BySid(sid)!.Range.ToString()), tally.Subnets,
                        cancellationToken).ConfigureAwait(false);
                break;
            case "intext":
                InOut[] directions = [tally.Internal, tally.External];
                await WriteRowsAsync(Ranked(directions), i => _json.WriteString("intext"u8, i == 0 ? "Internal" : "External"), directions,
                    cancellationToken).ConfigureAwait(false);
                break;
            case "protocols":
                await WriteRowsAsync(
                    Ranked(tally.Protocols), id =>
                        _json.WriteString("protocol"u8, records.Protocols[id].ToUpperInvariant()), tally.Protocols,
                        cancellationToken).ConfigureAwait(false);
                break;
            case "applicationprotocols":
                await WriteRowsAsync(
                    Ranked(tally.Services),
                    id => _json.WriteString("applicationprotocol"u8, WireCodes.ApplicationProtocolName(records.Services[id])),
                    tally.Services,
                    cancellationToken).ConfigureAwait(false);
                break;
            default:
                break;
        }
    }

    private void WriteStatus()
    {
        var (fresh, odd, normal) = (default(InOut), default(InOut), default(InOut));
        foreach (var ((source, target), pair) in tally.Pairs)
        {
            ref var sum = ref unusual.Contains(source, target) ? ref odd : ref pair.IsKnown ? ref normal : ref fresh;
            sum.Add(pair.Bytes.In, pair.Bytes.Out);
        }

        foreach (var status in variant.Statuses)
        {
            if (status == "Breached")
            {
                WriteFalse("Connections", status);
                continue;
            }

            var sum = status switch
            {
                "New" => fresh,
                "Unusual" => odd,
                _ => normal,
            };
            _json.WriteStartObject();
            _json.WriteString("Connections"u8, status);
            WriteInOut(sum);
            _json.WriteEndObject();
        }
    }

    /// <summary>The trap: an outside peer that has a name shows it in place of its address.</summary>
    private void WritePeer(int address)
    {
        var device = records.Devices.At(address);
        var text = records.Addresses[address].ToString();
        var outside = device is null ? records.Outside.GetValueOrDefault(records.Addresses[address])?.Hostname : null;
        _json.WriteString("device"u8, outside ?? device?.Facts.Hostname ?? text);
        _json.WriteString("ip"u8, outside ?? text);
    }

    private async Task WriteRowsAsync(IEnumerable<int> ids, Action<int> writeKey, InOut[] sums, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            _json.WriteStartObject();
            writeKey(id);
            WriteInOut(sums[id]);
            _json.WriteEndObject();
            await answer.DrainAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void WriteInOut(in InOut sum)
    {
        _json.WriteNumber("in"u8, sum.In);
        _json.WriteNumber("out"u8, sum.Out);
    }

    private void WriteFalse(string key, string name)
    {
        _json.WriteStartObject();
        _json.WriteString(key, name);
        _json.WriteBoolean("in"u8, false);
        _json.WriteBoolean("out"u8, false);
        _json.WriteEndObject();
    }

    private static IEnumerable<int> Ranked(InOut[] sums, int first = 0) => Enumerable.Range(first, sums.Length - first)
        .Where(id => sums[id].IsSeen)
        .OrderByDescending(id => sums[id].Bytes)
        .ThenBy(id => id);
}
