using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Lookups;

/// <summary>Model breaches and incidents of a window, of one device or of all. What one of the two refuses leaves the other.</summary>
internal sealed class AlertReader(DarktraceClient client, ApplianceMemory memory)
{
    private const string Breaches = "/modelbreaches";
    private const string Incidents = "/aianalyst/incidentevents";

    /// <summary>The highest score first, and why some are missing.</summary>
    public async Task<(IReadOnlyList<Alert> Alerts, IReadOnlyList<string> Missing)> ReadAsync(TimeWindow window, long? did,
        CancellationToken cancellationToken)
    {
        List<string> missing = [];
        var breaches = await TryAsync(Breaches, "model breaches", missing,
            () => client.GetModelBreachesAsync(window, did, cancellationToken)).ConfigureAwait(false);
        var incidents = await TryAsync(Incidents, "AI Analyst incidents", missing,
            () => client.GetIncidentEventsAsync(window, did, cancellationToken)).ConfigureAwait(false);
        var page = breaches.Select(breach => Page(breach.Url)).FirstOrDefault(told => told is not null);
        List<Alert> alerts = [.. breaches.Select(Alert.Of), .. incidents.Select(incident => Alert.Of(incident, page))];
        return ([.. alerts.OrderByDescending(alert => alert.Score ?? 0).ThenBy(alert => alert.FromMs)
            .ThenBy(alert => alert.Id, StringComparer.Ordinal)], missing);
    }

    private async Task<IReadOnlyList<T>> TryAsync<T>(string endpoint, string what, List<string> missing, Func<Task<IReadOnlyList<T>>> ask)
    {
        if (!memory.MayTry(endpoint))
        {
            missing.Add(memory.WhyRefused(endpoint)!);
            return [];
        }

        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (ApplianceException error)
        {
            var why = $"No {what}: {error.Happened} {error.Remedy}";
            memory.Remember(endpoint, error, why);
            missing.Add(why);
            return [];
        }
    }

    // Up to the mark: https://appliance.example/#modelbreach/41001.
    private static string? Page(string? url) =>
        url is not null && url.IndexOf('#', StringComparison.Ordinal) is > 0 and var mark ? url[..mark] : null;
}
