using System.Globalization;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Questions;

/// <summary>
/// The values that filters take, asked once an hour: <c>/enums</c> by category (the whole is over 2 MiB on a real appliance),
/// <c>/metrics</c>,
/// <c>/subnets</c>.
/// </summary>
internal sealed class FilterValues(DarktraceClient client, ApplianceMemory memory, TimeProvider time)
{
    private static readonly TimeSpan Keep = TimeSpan.FromHours(1);

    private readonly Dictionary<string, (DateTimeOffset At, Task Read)> _known = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public Task<IReadOnlyList<SubnetInfo>> SubnetsAsync(CancellationToken cancellationToken) =>
        OnceAsync("/subnets", token => client.GetSubnetsAsync(null, token), cancellationToken);

    public Task<IReadOnlyList<MetricDescription>> MetricsAsync(CancellationToken cancellationToken) =>
        OnceAsync("/metrics", client.GetMetricsAsync, cancellationToken);

    public async Task<IReadOnlyList<EnumValue>> EnumsAsync(FilterKind kind, CancellationToken cancellationToken)
    {
        var wanted = kind == FilterKind.Protocols ? "Protocol" : "Application protocol";
        var categories = await OnceAsync("/enums " + wanted, token => client.GetEnumsAsync(wanted, token),
            cancellationToken).ConfigureAwait(false);
        var found = categories.FirstOrDefault(category => category.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            ?? categories.FirstOrDefault(category => category.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase));
        return found?.Values ?? [];
    }

    /// <summary>
    /// A filter's value as its name, given a name in any case or a code; refused with the nearest names when the appliance knows it by
    /// neither.
    /// </summary>
    public async Task<string?> CheckAsync(FilterKind kind, string? value, List<string> notes, CancellationToken cancellationToken)
    {
        if (value is null || !memory.MayTry("/enums"))
        {
            return value;
        }

        var argument = kind == FilterKind.Protocols ? "protocol" : "applicationprotocol";

        IReadOnlyList<EnumValue> values;
        try
        {
            values = await EnumsAsync(kind, cancellationToken).ConfigureAwait(false);
        }
        catch (ApplianceException error)
        {
            Unchecked("/enums", argument, error, notes);
            return value;
        }

        if (values.Count == 0)
        {
            return value;
        }

        var wanted = value.Trim();
        var hit = values.FirstOrDefault(known => known.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            ?? values.FirstOrDefault(known => known.Code == wanted);
        if (hit is null && kind == FilterKind.ApplicationProtocols && ApplicationNames.IsOfZeek(wanted))
        {
            // Records know it by this name, the appliance's own answers by another or by none.
            return ApplicationNames.InVisualizer(wanted, values.Select(known => known.Name)) ?? wanted;
        }

        // A name stays as it was written; a code becomes the name that answers spell.
        return hit is not null && hit.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase)
            ? wanted
            : hit?.Name ?? throw Unknown(argument, wanted, values.Select(known => known.Name));
    }

    /// <summary>
    /// A metric by its name, label or mlid; refused with the nearest when the appliance knows none of it. <c>bandwidth</c> is in
    /// no list.
    /// </summary>
    public async Task<string?> CheckMetricAsync(string? value, List<string> notes, CancellationToken cancellationToken)
    {
        const string Endpoint = "/metrics";
        if (value is null or "bandwidth" || !memory.MayTry(Endpoint))
        {
            return value;
        }

        try
        {
            var metrics = await MetricsAsync(cancellationToken).ConfigureAwait(false);
            var wanted = value.Trim();
            var hit = metrics.FirstOrDefault(metric =>
                Same(metric.Name, wanted) || Same(metric.Label, wanted) || metric.Mlid?.ToString(CultureInfo.InvariantCulture) == wanted);
            return hit?.Name ?? (metrics.Count == 0 ? value : throw Unknown("metric", wanted, metrics.Select(metric => metric.Name)));
        }
        catch (ApplianceException error) when (error.Error != ApplianceError.InvalidArgument)
        {
            Unchecked(Endpoint, "metric", error, notes);
            return value;
        }
    }

    /// <summary>The sid of a subnet by its label, whole or the one part that fits.</summary>
    public async Task<long> SubnetIdAsync(string label, CancellationToken cancellationToken)
    {
        var subnets = await SubnetsAsync(cancellationToken).ConfigureAwait(false);
        var exact = subnets.Where(subnet => Same(subnet.Label, label)).ToList();
        var candidates = exact.Count > 0
            ? exact
            : subnets.Where(subnet => subnet.Label?.Contains(label, StringComparison.OrdinalIgnoreCase) == true).ToList();
        return candidates.Count == 1
            ? candidates[0].Sid
            : throw Unknown("viewsubnet", label, subnets.Select(subnet => subnet.Label ?? subnet.Network).OfType<string>());
    }

    private void Unchecked(string endpoint, string argument, ApplianceException error, List<string> notes)
    {
        notes.Add($"{argument} could not be checked against the appliance's list: {error.Happened} {error.Remedy}");
        memory.Remember(endpoint, error, error.Happened);
    }

    private static bool Same(string? known, string wanted) => known?.Equals(wanted, StringComparison.OrdinalIgnoreCase) == true;

    private static ApplianceException Unknown(string argument, string wanted, IEnumerable<string> names) => new(
        ApplianceError.InvalidArgument,
        $"{argument}: the appliance knows no single \"{PlainText.Shown(wanted)}\".",
        $"Nearest: {string.Join(", ", NearestNames.Of(wanted, names, 5).Select(PlainText.Shown))}. list_filter_values lists them all.");

    private async Task<T> OnceAsync<T>(string key, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        Task<T> task;
        lock (_gate)
        {
            if (_known.TryGetValue(key, out var known) && time.GetUtcNow() - known.At < Keep && !known.Read.IsFaulted
                && !known.Read.IsCanceled)
            {
                task = (Task<T>)known.Read;
            }
            else
            {
                // One caller's cancellation must not spoil it for the others: it is a small answer with a timeout of its own.
                task = read(CancellationToken.None);
                _known[key] = (time.GetUtcNow(), task);
            }
        }

        return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
