using System.Globalization;
using System.Text;

namespace DtMcp.Benchmarks.Reading;

/// <summary>
/// Writes pages of Advanced Search, one a line, with the fields of live entries: about 1,100 bytes a connection, hosts by Zipf's law, 5,000
/// devices, 50,000 outside addresses. The order of the fields depends on which there are, as with live ones: here it has three forms.
/// </summary>
internal static class RecordsFile
{
    public const int PageRows = 10_000;

    private const int Devices = 5_000;
    private const int Outside = 50_000;

    // As recorded: an entry with a service, one that was not answered, one between devices.
    private static readonly string[][] Orders =
    [
        ["orig_pkts", "epochdate", "orig_ttl", "resp_bytes", "missed_bytes_resp", "duration", "source_ip", "source_port", "dest_ip",
            "dest_port", "resp_ttl", "conn_state", "orig_bytes", "resp_ip_bytes", "resp_asn", "resp_pkts", "proto", "resp_cc",
            "orig_ip_bytes", "history", "start_ts", "missed_bytes_orig", "uid", "local_resp", "local_orig", "conn_state_full", "service"],
        ["orig_pkts", "epochdate", "orig_ttl", "resp_bytes", "conn_state_full", "history", "dest_port", "conn_state", "source_port",
            "orig_bytes", "resp_ip_bytes", "source_ip", "resp_asn", "proto", "resp_cc", "resp_pkts", "orig_ip_bytes", "dest_ip",
            "start_ts", "missed_bytes_orig", "uid", "missed_bytes_resp", "local_resp", "local_orig"],
        ["orig_pkts", "epochdate", "orig_ttl", "resp_bytes", "missed_bytes_resp", "duration", "conn_state", "source_ip", "source_port",
            "dest_ip", "dest_port", "resp_ttl", "orig_bytes", "resp_ip_bytes", "resp_pkts", "proto", "orig_ip_bytes", "history",
            "start_ts", "missed_bytes_orig", "uid", "local_resp", "local_orig", "service", "conn_state_full"],
    ];

    /// <param name="path">The file.</param>
    /// <param name="bytes">How long it gets, about.</param>
    /// <param name="shuffled">Whether each entry has an order of its own.</param>
    public static FlowsTruth Write(string path, long bytes, bool shuffled = false)
    {
        var random = new Random(1);
        var (inner, outer) = (FlowsFile.Zipf(Devices), FlowsFile.Zipf(Outside));
        var texts = new Dictionary<string, string>();
        using var to = new StreamWriter(path, false, new UTF8Encoding(false), 1 << 20);
        long written = 0, rows = 0, sum = 0, outward = 0, outwardSum = 0;
        var page = new StringBuilder();
        while (written < bytes)
        {
            page.Clear();
            page.Append("{\"took\":17,\"timed_out\":false,\"_shards\":{\"total\":2,\"successful\":2,\"skipped\":0,\"failed\":0},");
            page.Append("\"hits\":{\"total\":1000000,\"max_score\":null,\"hits\":[");
            for (var i = 0; i < PageRows && written + page.Length < bytes; i++)
            {
                page.Append(i == 0 ? "" : ",");
                var external = random.Next(10) < 6;
                var failed = external && random.Next(8) == 0;
                var start = FlowsFile.FirstMs + random.Next(3_600_000);
                var size = failed ? 0 : (long)Math.Exp(random.NextDouble() * 17);
                var (sent, packets) = (failed ? 0 : size / (1 + random.Next(9)), failed ? 1 : random.Next(1, 5000));
                var udp = random.Next(4) == 0;
                var seconds = string.Create(CultureInfo.InvariantCulture, $"{start / 1000}.{start % 1000:d3}{random.Next(100):d2}");
                string source = Near(FlowsFile.Draw(inner, random)), destination;
                var far = FlowsFile.Draw(outer, random);
                destination = external ? string.Create(CultureInfo.InvariantCulture, $"203.{far / 62_500}.{far / 250 % 250}.{far % 250}")
                    : Near(FlowsFile.Draw(inner, random));
                var (sourcePort, port) = (random.Next(1024, 65536), udp ? 53 : failed ? 3389 : external ? 443 : 445);
                var uid = $"C{random.NextInt64():x16}01";
                texts["orig_pkts"] = Whole(packets);
                texts["epochdate"] = texts["start_ts"] = seconds;
                texts["orig_ttl"] = "128";
                texts["resp_ttl"] = "52";
                texts["resp_bytes"] = Whole(size - sent);
                texts["orig_bytes"] = Whole(sent);
                texts["missed_bytes_resp"] = texts["missed_bytes_orig"] = "0";
                texts["duration"] = (random.NextDouble() * 60).ToString(CultureInfo.InvariantCulture);
                texts["source_ip"] = $"\"{source}\"";
                texts["dest_ip"] = $"\"{destination}\"";
                texts["source_port"] = Whole(sourcePort);
                texts["dest_port"] = Whole(port);
                texts["conn_state"] = failed ? "\"S0\"" : "\"SF\"";
                texts["conn_state_full"] = failed ? "\"Connection attempt seen, no reply\"" : "\"Normal establishment and termination\"";
                texts["history"] = failed ? "\"S\"" : udp ? "\"Dd\"" : "\"ShADdaFf\"";
                texts["resp_pkts"] = failed ? "0" : Whole(packets / 2);
                texts["orig_ip_bytes"] = Whole(sent + (packets * 40));
                texts["resp_ip_bytes"] = Whole(size - sent + (packets * 20));
                texts["resp_asn"] = $"\"AS{Whole(64500 + (far % 1000))} Example Hosting {Whole(far % 1000)}\"";
                texts["resp_cc"] = far % 3 == 0 ? "\"PA\"" : "\"SE\"";
                texts["proto"] = udp ? "\"udp\"" : "\"tcp\"";
                texts["service"] = udp ? "\"dns\"" : external ? "\"ssl\"" : "\"smb\"";
                texts["uid"] = $"\"{uid}\"";
                texts["local_orig"] = "true";
                texts["local_resp"] = external ? random.Next(5) == 0 ? "\"false\"" : "false" : "true";
                page.Append("{\"_index\":\"logstash-vmprobe-2024.01.15\",\"_type\":\"doc\",\"_id\":\"");
                page.Append(CultureInfo.InvariantCulture, $"AX{random.NextInt64():x16}\",\"_score\":null,\"_source\":{{\"@fields\":{{");
                var order = Orders[failed ? 1 : external ? 0 : 2];
                if (shuffled)
                {
                    order = [.. order];
                    random.Shuffle(order);
                }

                page.AppendJoin(',', order.Select(key => $"\"{key}\":{texts[key]}"));
                page.Append("},\"@type\":\"conn\",\"@timestamp\":\"2024-01-15T13:00:03\",\"@message\":\"");
                page.AppendJoin("\\t", seconds, uid, source, Whole(sourcePort), destination, Whole(port), udp ? "udp" : "tcp",
                    texts["service"].Trim('"'), texts["duration"], texts["orig_bytes"], texts["resp_bytes"], failed ? "S0" : "SF", "T",
                    external ? "F" : "T", "0", texts["history"].Trim('"'), texts["orig_pkts"], texts["orig_ip_bytes"],
                    texts["resp_pkts"], texts["resp_ip_bytes"], "(empty)");
                page.Append("\",\"@darktrace_probe\":\"1\"},\"sort\":[1705323603000]}");
                rows++;
                sum += size;
                outward += external ? 1 : 0;
                outwardSum += external ? size : 0;
            }

            page.Append("]},\"darktraceChildError\":\"\",\"kibana\":{\"per_page\":50}}\n");
            to.Write(page);
            written += page.Length;
        }

        return new FlowsTruth(rows, sum, outward, outwardSum);
    }

    private static string Near(int n) => string.Create(CultureInfo.InvariantCulture, $"10.{n / 250 % 250}.{n % 250}.{(n % 200) + 10}");

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);
}
