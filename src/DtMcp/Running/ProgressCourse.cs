using DtMcp.Traffic.Questions;

namespace DtMcp.Running;

/// <summary>
/// One course of a question's readings. Each reading counts its own parts from the start; a question with two windows reads twice, and its
/// reader still wants one measure that only grows.
/// </summary>
internal sealed class ProgressCourse
{
    private readonly Lock _gate = new();
    private AskProgress _last;
    private (double Parts, long Connections, long Bytes) _before;
    private bool _hasBegun;

    /// <summary>What a reading reports, with all readings before it.</summary>
    public AskProgress Add(AskProgress reported)
    {
        lock (_gate)
        {
            // Within a reading each report is higher than the last: one that is not begins another.
            if (_hasBegun && reported.Done <= _last.Done)
            {
                _before = (_before.Parts + (_last.Total ?? _last.Done), _before.Connections + _last.Connections,
                    _before.Bytes + _last.Bytes);
            }

            (_last, _hasBegun) = (reported, true);
            return reported with
            {
                Done = _before.Parts + reported.Done,
                Total = _before.Parts + reported.Total,
                Connections = _before.Connections + reported.Connections,
                Bytes = _before.Bytes + reported.Bytes,
            };
        }
    }
}
