using System.Globalization;
using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Investigations.Lookups;

/// <summary>A model breach or an AI Analyst incident. Times are milliseconds since 1970; a breach is a moment.</summary>
internal sealed record Alert
{
    public required bool IsIncident { get; init; }

    public required string Id { get; init; }

    public string? Title { get; init; }

    /// <summary>0 to 100.</summary>
    public double? Score { get; init; }

    public string? Category { get; init; }

    public long? FromMs { get; init; }

    public long? ToMs { get; init; }

    public IReadOnlyList<Device> Devices { get; init; } = [];

    public bool? IsAcknowledged { get; init; }

    /// <summary>The appliance's page about it.</summary>
    public string? Link { get; init; }

    public string Kind => IsIncident ? "incident" : "model_breach";

    public static Alert Of(ModelBreach breach) => new()
    {
        IsIncident = false,
        Id = breach.Pbid.ToString(CultureInfo.InvariantCulture),
        Title = breach.Model,
        Score = breach.PercentScore,
        Category = breach.Category,
        FromMs = breach.TimeMs,
        ToMs = breach.TimeMs,
        Devices = breach.Device is { } device ? [device] : [],
        IsAcknowledged = breach.IsAcknowledged,
        Link = breach.Url,
    };

    /// <param name="incident">The event.</param>
    /// <param name="page">Where people look at the appliance, where an answer told it: incidents come without their page.</param>
    public static Alert Of(IncidentEvent incident, string? page) => new()
    {
        IsIncident = true,
        Id = incident.Id,
        Title = incident.Title,
        Score = incident.Score,
        Category = incident.Category,
        FromMs = incident.StartMs,
        ToMs = incident.EndMs,
        Devices = incident.Devices,
        IsAcknowledged = incident.IsAcknowledged,
        Link = page is null ? null : $"{page}#aiaincidentevent/{Uri.EscapeDataString(incident.Id)}",
    };

    /// <summary>Whether it is of a device and within an hour of a time: alerts are raised while something goes on, or soon after.</summary>
    public bool Covers(Subject subject) =>
        Devices.Any(device => subject.Did is { } did ? device.IsOf(did) : device.Ip is not null && device.Ip == subject.Ip)
        && FromMs is { } from && (ToMs ?? from) is var to
        && from <= subject.LastMs + SlackMs && to >= subject.FirstMs - SlackMs;

    private const long SlackMs = 3_600_000;
}
