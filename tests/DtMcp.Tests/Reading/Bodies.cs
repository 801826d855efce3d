using System.Globalization;
using System.Text;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Reading.Records;

namespace DtMcp.Tests.Reading;

/// <summary>Reads texts as bodies, and writes what was read as text that can be compared.</summary>
internal static class Bodies
{
    public static Task<(NetworkAnswer Answer, FlowSet Flows)> ReadAsync(string json) =>
        ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(json)));

    public static async Task<(NetworkAnswer Answer, FlowSet Flows)> ReadAsync(Stream body)
    {
        var flows = new FlowSet();
        var answer = await NetworkReader.ReadAsync(body, flows, null, TestContext.Current.CancellationToken);
        return (answer, flows);
    }

    public static async Task<(RecordsPage Page, FlowSet Flows)> ReadRecordsAsync(Stream body)
    {
        var flows = new FlowSet();
        var page = await AdvancedSearchReader.ReadAsync(body, flows, null, TestContext.Current.CancellationToken);
        return (page, flows);
    }

    /// <summary>One line a row, hosts by name, and a line for each host's details.</summary>
    public static string Show(FlowSet flows)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{flows.Count} seen:{flows.Seen}\n");
        foreach (var c in flows.Chunks)
        {
            for (var i = 0; i < c.Count; i++)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"{c.Start(i)} {c.Duration[i]} {flows.Hosts.Name(c.Source[i])}:{c.SourcePort[i]} ");
                text.Append(CultureInfo.InvariantCulture,
                    $"{flows.Hosts.Name(c.Destination[i])}:{c.DestinationPort[i]} {flows.Protocols[c.Protocol[i]]} ");
                text.Append(CultureInfo.InvariantCulture,
                    $"{flows.ApplicationProtocols[c.ApplicationProtocol[i]]} {c.Bytes[i]} {c.BytesOut[i]} {c.Packets[i]} {c.Traits[i]}\n");
            }
        }

        for (var id = 0; id < flows.Hosts.Count; id++)
        {
            var d = flows.Hosts.Details(id);
            text.Append(CultureInfo.InvariantCulture,
                $"{flows.Hosts.Name(id)} did {flows.Hosts.Did(id)} {d} tags {string.Join('|', d?.Tags ?? [])}\n");
        }

        return text.ToString();
    }
}
