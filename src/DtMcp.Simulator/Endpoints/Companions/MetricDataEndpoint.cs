using System.Globalization;
using System.Text.Json;
using DtMcp.Simulator.Endpoints.Network;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary>
/// <c>/metricdata</c>: series of one or more metrics, one point an interval in which a connection began. With a device <c>in</c> is what
/// came to it and <c>out</c> what it sent; without one <c>out</c> is what originators sent and <c>in</c> what came back.
/// </summary>
internal sealed class MetricDataEndpoint : IEndpoint
{
    private const int DefaultIntervalSeconds = 60;

    public string Path => "/metricdata";

    public Permission Needs => Permission.Visualizer;

    public async Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        var metrics = Metrics(request);
        if (request.Number("did") is null)
        {
            // The guide knows it as a series of a device.
            throw new InputErrorException("did is needed");
        }

        var interval = request.Number("interval", 1, 366L * 86_400) * 1000 ?? DefaultIntervalSeconds * 1000;
        var filter = request.Filter();
        filter = (request.Number("ddid"), request.Number("odid")) switch
        {
            (null, 0) => filter with { Internal = false },
            (null, { } other) => filter with { PeerDid = other },
            _ => filter,
        };
        var json = answer.Json;
        json.WriteStartArray();
        if (request.Flag("breachtimes") ?? false)
        {
            WriteBreachTimes(json, request.Records, filter);
        }

        foreach (var metric in metrics)
        {
            json.WriteStartObject();
            json.WriteString("metric", metric.Name);
            json.WriteStartArray("data");
            foreach (var (time, (came, sent)) in Series(request.Records, filter, metric, interval))
            {
                WritePoint(json, time, came, sent);
                answer.Rows++;
                await answer.DrainAsync(cancellationToken).ConfigureAwait(false);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // metric=, or metric1=, metric2=, ...
    private static List<NetworkMetric> Metrics(EndpointRequest request)
    {
        var names = new List<string>();
        if (request.Text("metric") is { } single)
        {
            names.Add(single);
        }

        for (var i = 1; request.Text(string.Create(CultureInfo.InvariantCulture, $"metric{i}")) is { } name; i++)
        {
            names.Add(name);
        }

        return names.Count > 0
            ? names.ConvertAll(name => NetworkMetric.Find(name) ?? throw new InputErrorException($"no metric {name}"))
            : throw new InputErrorException("metric or metric1 is needed");
    }

    private static SortedDictionary<long, (long In, long Out)> Series(RecordSet records, Filter filter, NetworkMetric metric, long interval)
    {
        var points = new SortedDictionary<long, (long In, long Out)>();
        if (metric.Internal is { } isInternal)
        {
            if (filter.Internal == !isInternal)
            {
                return points;
            }

            filter = filter with { Internal = isInternal };
        }

        var selection = new Selection(records, filter);
        var (time, came, sent) = (long.MinValue, 0L, 0L);
        foreach (var number in selection)
        {
            ref readonly var row = ref records.Rows[number];
            if (IsMulticasts(metric) && !IsMulticast(records.Addresses[row.Destination]))
            {
                continue;
            }

            var at = row.StartMs - (row.StartMs % interval);
            if (at != time)
            {
                Close();
                (time, came, sent) = (at, 0, 0);
            }

            // A device to itself sends and receives all of it.
            var (isSource, isDestination) = selection.HasFocus
                ? (selection.IsFocus(row.Source), selection.IsFocus(row.Destination))
                : (true, false);
            if (!metric.IsVolume)
            {
                var incoming = selection.HasFocus ? !isSource : !records.IsInternal(row.Source);
                (came, sent) = incoming ? (came + 1, sent) : (came, sent + 1);
            }
            else
            {
                came += (isSource ? row.RespBytes : 0) + (isDestination ? row.OrigBytes : 0);
                sent += (isSource ? row.OrigBytes : 0) + (isDestination ? row.RespBytes : 0);
            }
        }

        Close();
        return points;

        void Close()
        {
            if (time != long.MinValue)
            {
                points[time] = (came, sent);
            }
        }
    }

    private static bool IsMulticasts(NetworkMetric metric) => metric.Name == "multicasts";

    private static bool IsMulticast(IpAddress address) =>
        address.IsIPv4 ? address.Bits >> 28 == 0xE || address.Bits == uint.MaxValue : address.Bits >> 120 == 0xFF;

    private static void WritePoint(Utf8JsonWriter json, long time, long came, long sent)
    {
        json.WriteStartObject();
        json.WriteString("time", WireTime.Seconds(time));
        json.WriteNumber("timems", time);
        json.WriteNumber("size", came + sent);
        json.WriteNumber("in", came);
        json.WriteNumber("out", sent);
        json.WriteEndObject();
    }

    private static void WriteBreachTimes(Utf8JsonWriter json, RecordSet records, Filter filter)
    {
        json.WriteStartObject();
        json.WriteStartArray("breachtimes");
        foreach (var breach in records.Breaches)
        {
            if (breach.TimeMs < filter.StartMs || breach.TimeMs > filter.EndMs
                || (filter.Did is { } did && BreachList.DidOf(records, breach) != did))
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteNumber("pid", breach.Pid);
            json.WriteNumber("pbid", breach.Pbid);
            json.WriteNumber("score", breach.Score);
            json.WriteString("name", breach.ModelName);
            json.WriteNumber("time", breach.TimeMs);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
