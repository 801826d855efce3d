using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence;

/// <summary>Captures that replicas of this program share. Whatever goes wrong with the sharing, the caller reads itself.</summary>
internal interface ISharedCaptures
{
    /// <summary>
    /// A capture that another replica has read, or is about to; else what <paramref name="read"/> gives, which the others get to see
    /// when it is whole.
    /// </summary>
    /// <param name="wish">What will do.</param>
    /// <param name="read">Reads it here.</param>
    /// <param name="progress">Hears that another replica is waited for.</param>
    /// <param name="cancellationToken">Stops the waiting and the reading.</param>
    Task<Capture> ReadAsync(SharedWish wish, Func<CancellationToken, Task<Capture>> read, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken);
}

/// <summary>What a caller wants of other replicas.</summary>
/// <param name="Key">What is asked.</param>
/// <param name="Serves">Whether a capture that is kept will do.</param>
/// <param name="IsAwaited">Whether a reading under way is worth waiting for.</param>
/// <param name="IsFresh">Whether it must be read anew, whatever others have.</param>
internal sealed record SharedWish(CaptureKey Key, Func<CaptureHead, bool> Serves, Func<CaptureKey, bool> IsAwaited, bool IsFresh);

/// <summary>What tells whether a capture serves a question.</summary>
/// <param name="Key">What was asked.</param>
/// <param name="ReadAt">When.</param>
/// <param name="HasRows">Whether it is rows.</param>
/// <param name="LacksNames">As <see cref="Capture.LacksNames"/>.</param>
internal sealed record CaptureHead(CaptureKey Key, DateTimeOffset ReadAt, bool HasRows, bool LacksNames)
{
    /// <summary>How long it stays good behind <see cref="ReadAt"/>.</summary>
    public TimeSpan LastsFor(InvestigatorOptions options) =>
        Key.Window.EndMs < ReadAt.ToUnixTimeMilliseconds() && !LacksNames ? options.KeepEnded : options.KeepRunning;
}
