using System.Text.Json;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>One point: milliseconds since 1970 (UTC), the metric's size, and its two directions where the metric has them.</summary>
public readonly record struct MetricPoint(long TimeMs, double Size, double? In, double? Out);

/// <summary>One metric of <c>/metricdata</c> over time. Each point is the largest of its interval, not its sum.</summary>
public sealed record MetricSeries(string Metric, IReadOnlyList<MetricPoint> Points)
{
    /// <summary><c>{"metric":"externalconnections","data":[{"time":"2026-01-15
    /// 08:29:00","timems":1768465740000,"size":14,"in":0,"out":14}]}</c>; the element of breach times has no metric and is
    /// skipped.</summary>
    internal static MetricSeries? Parse(ref Utf8JsonReader reader)
    {
        string? metric = null;
        List<MetricPoint> points = [];
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "metric": metric = JsonFields.Text(ref reader); break;
                case "data": ParsePoints(ref reader, points); break;
                default: reader.Skip(); break;
            }
        }

        return metric is null ? null : new MetricSeries(metric, points);
    }

    private static void ParsePoints(ref Utf8JsonReader reader, List<MetricPoint> points)
    {
        points.Clear();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (JsonFields.IsObject(ref reader) && ParsePoint(ref reader) is { } point)
            {
                points.Add(point);
            }
        }
    }

    private static MetricPoint? ParsePoint(ref Utf8JsonReader reader)
    {
        long? time = null, timeMs = null;
        double? size = null, inside = null, outside = null;
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "time": time = JsonFields.Time(ref reader); break;
                case "timems": timeMs = JsonFields.Time(ref reader); break;
                case "size": size = JsonFields.Number(ref reader); break;
                case "in": inside = JsonFields.Number(ref reader); break;
                case "out": outside = JsonFields.Number(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return (timeMs ?? time) is { } at ? new MetricPoint(at, size ?? ((inside ?? 0) + (outside ?? 0)), inside, outside) : null;
    }
}
