using DtMcp.Replicas.Sealing;
using DtMcp.Replicas.Wire;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Packing;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Logging;

namespace DtMcp.Replicas.Captures;

/// <summary>
/// Captures of one appliance that replicas share: what another has is taken, what another reads is waited for, what is read here is given
/// to the others behind the answer. Whatever goes wrong, it is read here.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001",
    Justification = "A semaphore whose wait handle nobody takes holds nothing; what is packed may end behind the program.")]
internal sealed partial class SharedCaptures(
    CaptureBoard board, Func<KeyRing> keys, InvestigatorOptions options, long mostBytes, TimeProvider clock, ILogger logger)
    : ISharedCaptures
{
    // Rows pack to a third or less; what is larger would drive all others out.
    private const int LeastCaptures = 4;
    private const int Packs = 3;

    // Those that wait to be packed hold their rows meanwhile.
    private const int MostWaiting = 8;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(150);

    private readonly SemaphoreSlim _packing = new(1);
    private int _waiting;

    public async Task<Capture> ReadAsync(SharedWish wish, Func<CancellationToken, Task<Capture>> read, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        string? reading = null;
        if (!wish.IsFresh)
        {
            (var taken, reading) = await TakeOrBeginAsync(wish, progress, cancellationToken).ConfigureAwait(false);
            if (taken is not null)
            {
                ReplicaInstruments.Taken();
                return taken;
            }

            if (reading is not null)
            {
                ReplicaInstruments.Missed();
            }
        }

        var isGiven = false;
        try
        {
            var capture = await read(cancellationToken).ConfigureAwait(false);
            isGiven = IsWorthGiving(capture);
            if (isGiven)
            {
                _ = GiveAsync(reading ?? Guid.NewGuid().ToString("N"), capture);
            }

            return capture;
        }
        finally
        {
            if (!isGiven && reading is not null)
            {
                board.End(reading);
            }
        }
    }

    // A capture of another replica, else the id of the reading that is to be done here; neither where nobody is to know of it.
    private async Task<(Capture? Capture, string? Reading)> TakeOrBeginAsync(
        SharedWish wish, IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        HashSet<string> refused = [];
        BoardView? view = null;
        string? awaited = null;
        ReadMeter? meter = null;
        var wait = ShortestWait;
        try
        {
            while ((view = await board.LookAsync(view, cancellationToken).ConfigureAwait(false)) is not null)
            {
                var kept = view.Captures.Where(told => !refused.Contains(told.Key) && wish.Serves(told.Value)).ToList();
                if (kept.Count > 0)
                {
                    var (id, _) = kept.MaxBy(told => told.Value.ReadAt);
                    if (await TakeAsync(id, wish, cancellationToken).ConfigureAwait(false) is { } capture)
                    {
                        return (capture, null);
                    }

                    refused.Add(id);
                    continue;
                }

                if (awaited is null || !view.Readings.ContainsKey(awaited))
                {
                    if (awaited is not null)
                    {
                        // It failed, was given up or was too large to be shared: all who waited read themselves, and wait for nobody else.
                        return (null, null);
                    }

                    awaited = view.Readings.FirstOrDefault(told => wish.IsAwaited(told.Value)).Key;
                }

                if (awaited is null)
                {
                    var (isAnswered, reading) = await board.BeginAsync(view, wish.Key, cancellationToken).ConfigureAwait(false);
                    if (reading is not null || !isAnswered)
                    {
                        return (null, reading);
                    }

                    view = null;
                    continue;
                }

                meter ??= new ReadMeter(progress, clock, "waiting for another replica");
                await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }

            return (null, null);
        }
        finally
        {
            meter?.Dispose();
        }
    }

    private async Task<Capture?> TakeAsync(string id, SharedWish wish, CancellationToken cancellationToken)
    {
        if (await board.TakeAsync(id, cancellationToken).ConfigureAwait(false) is not { } packed)
        {
            return null;
        }

        // As a reading does, it takes what it may come to before it begins: as it came, opened, and in rows.
        using var room = await options.Room.EnterBytesAsync(packed.LongLength * (Packs + 2), cancellationToken).ConfigureAwait(false);
        if (keys().Open(packed, board.PlaceOf(id)) is { } plain)
        {
            try
            {
                using var stream = new MemoryStream(plain);
                var capture = PackedCapture.Read(stream);
                return capture.IsWhole && wish.Serves(capture.Head) ? capture : null;
            }
            catch (Exception error) when (error is InvalidDataException or IOException or FormatException or ArgumentException)
            {
                // It is told below.
            }
        }

        ReplicaInstruments.Refused();
        Refused(logger);
        board.Remove(id);
        return null;
    }

    private bool IsWorthGiving(Capture capture) =>
        capture.IsWhole && capture.Size / Packs <= mostBytes / LeastCaptures && Volatile.Read(ref _waiting) < MostWaiting;

    private async Task GiveAsync(string id, Capture capture)
    {
        Interlocked.Increment(ref _waiting);
        await _packing.WaitAsync().ConfigureAwait(false);
        var isGiven = false;
        try
        {
            var packed = await Task.Run(() => Pack(id, capture)).ConfigureAwait(false);
            isGiven = packed.LongLength <= mostBytes / LeastCaptures && await board.GiveAsync(
                id, capture.Head, packed, capture.Head.LastsFor(options), mostBytes).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OutOfMemoryException or InvalidOperationException or ArgumentException or IOException)
        {
            NotPacked(logger, error.GetType().Name);
        }
        finally
        {
            if (isGiven)
            {
                ReplicaInstruments.Given();
            }
            else
            {
                // Nobody waits for what does not come.
                board.End(id);
            }

            _packing.Release();
            Interlocked.Decrement(ref _waiting);
        }
    }

    private byte[] Pack(string id, Capture capture)
    {
        using var stream = new MemoryStream();
        PackedCapture.Write(stream, capture);
        return keys().Seal(stream.GetBuffer().AsSpan(0, (int)stream.Length), board.PlaceOf(id));
    }

    [LoggerMessage(LogLevel.Warning, "A capture is not shared: it could not be packed ({Reason})")]
    private static partial void NotPacked(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning,
        "A capture in Redis was refused: it was changed there, or sealed with a key that this replica has not. It is read anew")]
    private static partial void Refused(ILogger logger);
}
