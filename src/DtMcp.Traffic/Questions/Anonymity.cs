using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;

namespace DtMcp.Traffic.Questions;

/// <summary>
/// Whether the appliance anonymises what it answers. No answer says so itself: a token that may use <c>/network</c> and not
/// <c>/devicesearch</c> lacks Unrestricted Devices. Asked once an hour, behind an answer that came, and never waited for long.
/// </summary>
internal sealed class Anonymity(DarktraceClient client, TimeProvider time)
{
    private static readonly TimeSpan Keep = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private (DateTimeOffset At, Task<bool> Present)? _known;

    /// <summary>Keeps what a check found out.</summary>
    public void Learn(bool isAnonymised)
    {
        lock (_gate)
        {
            _known = (time.GetUtcNow(), Task.FromResult(isAnonymised));
        }
    }

    /// <summary>What is known; false as long as the appliance does not say.</summary>
    public async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        Task<bool> said;
        lock (_gate)
        {
            if (_known is not { } known || time.GetUtcNow() - known.At > Keep)
            {
                known = (time.GetUtcNow(), TryAsync());
                _known = known;
            }

            said = known.Present;
        }

        try
        {
            return await said.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // One caller's cancellation must not spoil it for the others.
    private async Task<bool> TryAsync()
    {
        // What fails at once must not be kept by who asks.
        await Task.Yield();
        try
        {
            await client.SearchDevicesAsync(new DeviceSearchQuery(), 1, CancellationToken.None).ConfigureAwait(false);
            return false;
        }
        catch (ApplianceException error)
        {
            if (error.Error is ApplianceError.Unreachable or ApplianceError.NotAnswering or ApplianceError.ApplianceBusy
                or ApplianceError.Timeout)
            {
                // It said nothing: the next answer asks again.
                lock (_gate)
                {
                    _known = null;
                }
            }

            return error.Error == ApplianceError.PermissionDenied;
        }
    }
}
