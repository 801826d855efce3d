using System.Text.Json;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>
/// What AI Analyst concluded of a device and a time (<c>/aianalyst/incidentevents</c>). Times are milliseconds since 1970, scores 0 to 100.
/// Types vary by version: scores are numbers or texts, lists may be null or absent. Texts are untrusted.
/// </summary>
public sealed record IncidentEvent
{
    public required string Id { get; init; }

    public string? Title { get; init; }

    /// <summary><c>critical</c>, <c>suspicious</c> or <c>compliance</c>.</summary>
    public string? Category { get; init; }

    public double? Score { get; init; }

    /// <summary>The group of events that it belongs to.</summary>
    public string? Group { get; init; }

    public long? StartMs { get; init; }

    public long? EndMs { get; init; }

    /// <summary>Empty for events of no device (mail).</summary>
    public IReadOnlyList<Device> Devices { get; init; } = [];

    public bool? IsAcknowledged { get; init; }

    /// <summary><c>{"id":"0a...","title":"Unusual Repeated Connections","aiaScore":56.3,"category":"critical","acknowledged":false,
    /// "periods":[{"start":1768460000314,"end":1768466999564}],"breachDevices":[{"did":212,"ip":"192.0.2.39"}]}</c>.</summary>
    internal static IncidentEvent? Parse(ref Utf8JsonReader reader)
    {
        string? id = null;
        long? created = null;
        List<Period> periods = [];
        IncidentEvent told = new() { Id = "" };
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "id": id = JsonFields.Text(ref reader); break;
                case "title": told = told with { Title = JsonFields.Text(ref reader) }; break;
                case "category": told = told with { Category = JsonFields.Text(ref reader) }; break;
                case "aiascore": told = told with { Score = JsonFields.Number(ref reader) }; break;
                case "currentgroup": told = told with { Group = JsonFields.Text(ref reader) }; break;
                case "acknowledged": told = told with { IsAcknowledged = ModelBreach.Acknowledged(ref reader) }; break;
                case "createdat": created = JsonFields.Time(ref reader); break;
                case "periods": periods = JsonFields.Items(ref reader, Period.Parse); break;
                case "breachdevices": told = told with { Devices = JsonFields.Items(ref reader, Device.Parse) }; break;
                default: reader.Skip(); break;
            }
        }

        return id is null ? null : told with
        {
            Id = id,
            StartMs = periods.Min(period => period.Start) ?? created,
            EndMs = periods.Max(period => period.End) ?? created,
        };
    }

    private sealed record Period(long? Start, long? End)
    {
        public static Period? Parse(ref Utf8JsonReader reader)
        {
            long? start = null, end = null;
            while (JsonFields.NextField(ref reader, out var field))
            {
                switch (field)
                {
                    case "start": start = JsonFields.Time(ref reader); break;
                    case "end": end = JsonFields.Time(ref reader); break;
                    default: reader.Skip(); break;
                }
            }

            return new Period(start, end);
        }
    }
}
