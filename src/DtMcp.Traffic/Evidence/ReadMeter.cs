using System.Globalization;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Traffic.Observing;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence;

/// <summary>
/// Adds up what is being read, over all parts and attempts, and reports it at most every half second, and at least every two seconds while
/// it waits.
/// </summary>
internal sealed class ReadMeter : IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly IProgress<AskProgress>? _progress;
    private readonly TimeProvider _time;
    private readonly ITimer? _heartbeat;
    private readonly Lock _gate = new();
    private readonly string _what;
    private long _rows;
    private long _bytes;
    private int _partsDone;
    private long _reportedAt;
    private double _reported = -1;

    public ReadMeter(IProgress<AskProgress>? progress, TimeProvider time, string what)
    {
        _progress = progress;
        _time = time;
        _what = what;
        _reportedAt = time.GetTimestamp();
        _heartbeat = progress is null ? null : time.CreateTimer(_ => Report(Shortest), null, Longest, Longest);
    }

    public int Parts { get; set; } = 1;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>A reading of one body; what it counted is taken back when it is disposed without <see cref="Reading.Keep"/>.</summary>
    public Reading Attempt() => new(this);

    public void PartDone()
    {
        Interlocked.Increment(ref _partsDone);
        Report(TimeSpan.Zero);
    }

    public void Dispose() => _heartbeat?.Dispose();

    private void Divide(ReadProgress value)
    {
        if (value.Parts > 0)
        {
            (Parts, _partsDone) = (value.Parts, value.PartsDone);
        }
    }

    private void Add(long rows, long bytes) => Add(rows, bytes, Shortest);

    private void Add(long rows, long bytes, TimeSpan pause)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _bytes, bytes);
        Report(pause);
    }

    private void Report(TimeSpan pause)
    {
        if (_progress is null)
        {
            return;
        }

        // Reported under the lock: whoever listens takes a lower value for another reading.
        lock (_gate)
        {
            if (_time.GetElapsedTime(_reportedAt) < pause)
            {
                return;
            }

            _reportedAt = _time.GetTimestamp();
            var (rows, bytes) = (Math.Max(0, Interlocked.Read(ref _rows)), Math.Max(0, Interlocked.Read(ref _bytes)));

            // A progress value must grow with each notification: parts done, and a growing fraction of the one being read.
            var within = 1 - 1 / (1 + bytes / (64.0 * 1024 * 1024));
            _reported = Math.Max(_reported + 1e-6, Math.Min(_partsDone + 0.999 * within, Parts));
            _progress.Report(new AskProgress(
                Math.Round(_reported, 6), Parts, rows, bytes,
                string.Create(CultureInfo.InvariantCulture,
                    $"{_what}: {_partsDone} of {Parts} parts, {rows} connections, {bytes} bytes read")));
        }
    }

    internal sealed class Reading(ReadMeter meter) : IProgress<ReadProgress>, IDisposable
    {
        private ReadProgress _seen;
        private bool _kept;

        public void Report(ReadProgress value)
        {
            var (rows, bytes) = (value.Rows - _seen.Rows, value.Bytes - _seen.Bytes);
            _seen = value;
            meter.Divide(value);
            meter.Add(rows, bytes, value.Parts > 0 && value.PartsDone == value.Parts ? TimeSpan.Zero : Shortest);
        }

        public void Keep()
        {
            _kept = true;
            TrafficInstruments.Read(_seen.Rows);
        }

        public void Dispose()
        {
            if (!_kept)
            {
                meter.Add(-_seen.Rows, -_seen.Bytes);
            }
        }
    }
}
