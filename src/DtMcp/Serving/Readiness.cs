using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Sending;

namespace DtMcp.Serving;

/// <summary>
/// Whether an appliance answered lately, for probes. What calls saw of it is enough; when they asked nothing, one small request is sent, so
/// seldom that probes are no load. With several appliances one that answers will do: the others' calls say what is wrong.
/// </summary>
internal sealed class Readiness(IReadOnlyList<DarktraceClient> appliances, TimeProvider clock)
{
    // An outage that is shorter is passed over by retries and the circuit.
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    // Its state comes from a cache; who probes waits about as long.
    private static readonly TimeSpan LongestTrial = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private Task _trial = Task.CompletedTask;
    private long? _triedAt;

    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (DidLately)
        {
            return true;
        }

        await TrialAsync().WaitAsync(cancellationToken);
        return DidLately;
    }

    private bool DidLately => appliances.Any(appliance => appliance.SinceAnswer <= Lately);

    // One for all who ask meanwhile.
    private Task TrialAsync()
    {
        lock (_lock)
        {
            if (_trial.IsCompleted && !(_triedAt is { } at && clock.GetElapsedTime(at) < Between))
            {
                _triedAt = clock.GetTimestamp();
                _trial = Task.WhenAll(appliances.Select(TryAsync));
            }

            return _trial;
        }
    }

    // What it comes to is heard by the client itself.
    private async Task TryAsync(DarktraceClient appliance)
    {
        using var ending = new CancellationTokenSource(LongestTrial, clock);
        try
        {
            Lane.Enter(null);
            await appliance.GetStatusAsync(ending.Token);
        }
        catch (Exception failure) when (failure is ApplianceException or OperationCanceledException)
        {
            // No answer, or a refusal.
        }
    }
}
