using DtMcp.Darktrace.Errors;

namespace DtMcp.Darktrace.Sending;

/// <summary>
/// Leaves an appliance alone that does not answer: after <see cref="FailuresInARow"/> requests in a row that came to nothing, all their
/// retries included, questions fail at once for <see cref="Pause"/>, and say until when. Then one small request tries it; what large
/// questions come to is no sign of whether the appliance is back. Nor is it one of whether the appliance is away: where it was only
/// questions that failed, one small request is sent first, and others are asked meanwhile, so that one user's question that always fails
/// takes nothing from the others.
/// Another replica's word that it does not answer is doubted in the same way: what one cannot reach, another may.
/// </summary>
internal sealed class Circuit(TimeProvider clock, ISharedAppliance? others = null)
{
    // One request that fails for its own sake, with what is read beside it, is less.
    internal const int FailuresInARow = 5;

    // A restart of a web server takes as long, and nobody minds that much on top of an outage.
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private int _failures;
    private string? _lastCode;
    private long? _openedAt;
    private bool _isDoubted;
    private bool _isTried;
    private string? _opening;
    private string? _heard;

    /// <summary>Whether questions fail at once.</summary>
    internal bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _openedAt is not null;
            }
        }
    }

    /// <exception cref="ApplianceException">The appliance is left alone.</exception>
    internal void Check()
    {
        lock (_lock)
        {
            if (_openedAt is { } at && Pause - clock.GetElapsedTime(at) is var left && (_isTried || left > TimeSpan.Zero))
            {
                throw NotAnswering(left);
            }
        }
    }

    /// <summary>As <see cref="Check"/>; true where the caller is to try the appliance, and to <see cref="Tried"/> afterwards.</summary>
    internal bool MustTry()
    {
        lock (_lock)
        {
            Check();
            if (_openedAt is null && (!_isDoubted || _isTried))
            {
                return false;
            }

            return _isTried = true;
        }
    }

    /// <summary>
    /// Another replica leaves the appliance alone: it is tried before the next question, once for as long as that says so.
    /// </summary>
    internal void Hear(CircuitOpening opening)
    {
        lock (_lock)
        {
            if (_openedAt is null && opening.Id != _heard)
            {
                (_heard, _opening, _lastCode) = (opening.Id, opening.Id, opening.Code);
                (_failures, _isDoubted) = (Math.Max(FailuresInARow, opening.Failures), true);
            }
        }
    }

    /// <summary>The trial has ended, whatever it came to.</summary>
    internal void Tried()
    {
        lock (_lock)
        {
            _isTried = false;
        }
    }

    /// <summary>The appliance answered, though it were a refusal.</summary>
    internal void Answered()
    {
        bool wasOpen;
        lock (_lock)
        {
            wasOpen = _opening is not null;
            (_failures, _openedAt, _isDoubted, _opening) = (0, null, false, null);
        }

        if (wasOpen)
        {
            others?.Closed();
        }
    }

    /// <summary>A request came to nothing.</summary>
    /// <param name="failure">What it came to.</param>
    /// <param name="isOfAll">Whether any other would have come to the same: no connection, or a request that costs nothing.</param>
    internal void Failed(ApplianceException failure, bool isOfAll)
    {
        CircuitOpening? opened = null;
        lock (_lock)
        {
            (_failures, _lastCode) = (_failures + 1, failure.Code);
            _isDoubted = _failures >= FailuresInARow;
            // What was under way when it was left alone does not put the trial off.
            if (isOfAll && _isDoubted && (_openedAt is null || _isTried))
            {
                _openedAt = clock.GetTimestamp();
                _opening ??= others is null ? null : Guid.NewGuid().ToString("N");
                opened = _opening is { } id ? new CircuitOpening(id, _failures, _lastCode) : null;
                _heard = _opening;
            }
        }

        if (opened is not null)
        {
            others?.Opened(opened);
        }
    }

    private ApplianceException NotAnswering(TimeSpan left)
    {
        var at = (clock.GetUtcNow() + left).UtcDateTime;
        var when = left > TimeSpan.Zero
            ? FormattableString.Invariant($"in {Math.Ceiling(left.TotalSeconds):0} s, at {at:HH:mm:ss} UTC")
            : "just now";
        return new ApplianceException(
            ApplianceError.NotAnswering,
            FormattableString.Invariant(
                $"The appliance failed {_failures} requests in a row ({_lastCode}) and is left alone; it is tried again {when}."),
            "Ask again then; what was read before is answered meanwhile.");
    }
}
