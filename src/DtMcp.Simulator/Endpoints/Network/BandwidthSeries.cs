using System.Text.Json;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>
/// <c>metric=bandwidth</c> of the sdk dialect: a point for each device and hour, the hour being that of a connection's start; a connection
/// between two devices counts for both.
/// <code>
/// {"metric":"bandwidth","data":[
/// {"timestamp":1705320000000,"device":{"did":123,"ip":"192.168.1.100"},"bytes_in":10485760,"bytes_out":5242880,"packets_in":7680,
///  "packets_out":3840,"connections":15}
/// ]}
/// </code>
/// </summary>
internal static class BandwidthSeries
{
    public const string Metric = "bandwidth";

    private const long HourMs = 3_600_000;

    public static async Task WriteAsync(RecordSet records, NetworkQuery query, Selection selection, AnswerWriter answer,
        CancellationToken cancellationToken)
    {
        var (wantsMetric, wantsData) = (query.Wants("metric"), query.Wants("data"));
        answer.Write(wantsMetric ? "{\"metric\":\"bandwidth\""u8 : "{"u8);
        if (wantsData)
        {
            answer.Write(wantsMetric ? ",\"data\":["u8 : "\"data\":["u8);
            var isFirst = true;
            var points = Points(records, selection);
            var json = new Utf8JsonWriter(answer, new JsonWriterOptions { SkipValidation = true });
            await using (json.ConfigureAwait(false))
            {
                foreach (var ((hour, did), point) in points.OrderBy(pair => pair.Key))
                {
                    answer.Write(isFirst ? "\n"u8 : ",\n"u8);
                    isFirst = false;
                    json.Reset(answer);
                    Write(json, hour, records.Devices.ByDid(did)!, point);
                    json.Flush();
                    answer.Rows++;
                    await answer.DrainAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            answer.Write("\n]"u8);
        }

        answer.Write("}"u8);
    }

    private static Dictionary<(long Hour, int Did), Point> Points(RecordSet records, Selection selection)
    {
        var points = new Dictionary<(long, int), Point>();
        foreach (var index in selection)
        {
            ref readonly var row = ref records.Rows[index];
            var hour = row.StartMs - (((row.StartMs % HourMs) + HourMs) % HourMs);
            if (records.Devices.At(row.Source) is { } source)
            {
                At(points, hour, source.Did).Add(row.RespBytes, row.OrigBytes, row.RespPackets, row.OrigPackets);
            }

            // A device that talks to itself has one point, which both directions of the connection enter once.
            if (row.Destination != row.Source && records.Devices.At(row.Destination) is { } destination)
            {
                At(points, hour, destination.Did).Add(row.OrigBytes, row.RespBytes, row.OrigPackets, row.RespPackets);
            }
        }

        return points;
    }

    private static Point At(Dictionary<(long, int), Point> points, long hour, int did)
    {
        if (!points.TryGetValue((hour, did), out var point))
        {
            points.Add((hour, did), point = new Point());
        }

        return point;
    }

    private static void Write(Utf8JsonWriter json, long hour, Device device, Point point)
    {
        json.WriteStartObject();
        json.WriteNumber("timestamp"u8, hour);
        json.WriteStartObject("device"u8);
        json.WriteNumber("did"u8, device.Did);
        json.WriteString("ip"u8, device.Address.ToString());
        json.WriteEndObject();
        json.WriteNumber("bytes_in"u8, point.BytesIn);
        json.WriteNumber("bytes_out"u8, point.BytesOut);
        json.WriteNumber("packets_in"u8, point.PacketsIn);
        json.WriteNumber("packets_out"u8, point.PacketsOut);
        json.WriteNumber("connections"u8, point.Connections);
        json.WriteEndObject();
    }

    private sealed class Point
    {
        public long BytesIn { get; private set; }

        public long BytesOut { get; private set; }

        public long PacketsIn { get; private set; }

        public long PacketsOut { get; private set; }

        public long Connections { get; private set; }

        public void Add(long bytesIn, long bytesOut, long packetsIn, long packetsOut)
        {
            BytesIn += bytesIn;
            BytesOut += bytesOut;
            PacketsIn += packetsIn;
            PacketsOut += packetsOut;
            Connections++;
        }
    }
}
