using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.Companions;

namespace DtMcp.Traffic.Asking;

/// <summary>Which list of values a filter takes.</summary>
internal enum FilterKind
{
    Protocols,
    ApplicationProtocols,
    Metrics,
    Subnets,
}

/// <summary>
/// The values that filters take, asked once an hour: <c>/enums</c> by category (the whole is over 2 MiB on a real appliance), <c>/metrics</c>,
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
        var categories = await OnceAsync("/enums " + wanted, token => client.GetEnumsAsync(wanted, token), cancellationToken).ConfigureAwait(false);
        var found = categories.FirstOrDefault(category => category.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            ?? categories.FirstOrDefault(category => category.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase));
        return found?.Values ?? [];
    }

    /// <summary>A filter's value as its name, given a name in any case or a code; refused with the nearest names when the appliance knows it by neither.</summary>
    public async Task<string?> CheckAsync(FilterKind kind, string? value, CancellationToken cancellationToken)
    {
        if (value is null || !memory.MayTry("/enums"))
        {
            return value;
        }

        IReadOnlyList<EnumValue> values;
        try
        {
            values = await EnumsAsync(kind, cancellationToken).ConfigureAwait(false);
        }
        catch (ApplianceException error) when (error.Error is ApplianceError.PermissionDenied or ApplianceError.NotAvailable)
        {
            memory.Refused("/enums", error.Happened);
            return value;
        }

        if (values.Count == 0)
        {
            return value;
        }

        var wanted = value.Trim();
        var hit = values.FirstOrDefault(known => known.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase)) ?? values.FirstOrDefault(known => known.Code == wanted);
        var argument = kind == FilterKind.Protocols ? "protocol" : "applicationprotocol";
        // A name stays as it was written; a code becomes the name that answers spell.
        return hit is not null && hit.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase) ? wanted : hit?.Name ?? throw new ApplianceException(
            ApplianceError.InvalidArgument,
            $"{argument}: the appliance knows no \"{PlainText.Of(wanted)}\".",
            $"Nearest: {string.Join(", ", NearestNames.Of(wanted, values.Select(known => known.Name), 5).Select(PlainText.Of))}. list_filter_values lists them all.");
    }

    private async Task<T> OnceAsync<T>(string key, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        Task<T> task;
        lock (_gate)
        {
            if (_known.TryGetValue(key, out var known) && time.GetUtcNow() - known.At < Keep && !known.Read.IsFaulted && !known.Read.IsCanceled)
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
