using DtMcp.Darktrace.Errors;

namespace DtMcp.Darktrace.Sending;

/// <summary>
/// The memory that all readings under way may take together, whichever appliance they are of. Each takes what it may come to before it
/// begins, and gives it back when it has ended; what is kept then has a bound of its own. Users take turns for it. Who finds no room in
/// time is told so.
/// </summary>
/// <param name="bytes">How much there is. A reading that may come to more goes in alone.</param>
/// <param name="time">The clock of the waiting.</param>
public sealed class ReadingRoom(long bytes, TimeProvider time)
{
    /// <summary>Four windows of many requests and four of one, as large as readings may become with the settings as they are.</summary>
    public const long DefaultBytes = 1536L << 20;

    /// <summary>A row with bytes by direction, and its share of the tables of names.</summary>
    private const long BytesOfRow = 50;

    // As long as analyses wait for theirs: a client that waits four minutes is told in time to ask again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly FairPlaces _places = new((int)Math.Clamp(bytes >> 20, 1, int.MaxValue));

    /// <summary>One for all investigators that are given none.</summary>
    public static ReadingRoom OfProcess { get; } = new(DefaultBytes, TimeProvider.System);

    /// <summary>How many wait.</summary>
    public int Waiting => _places.Waiting;

    /// <summary>Waits for room for so many rows; it is given back by disposing of what is returned.</summary>
    /// <exception cref="ApplianceException">There was none in time.</exception>
    public Task<IDisposable> EnterAsync(long rows, CancellationToken cancellationToken) =>
        EnterBytesAsync((long)Math.Min((double)rows * BytesOfRow, long.MaxValue), cancellationToken);

    /// <summary>The same for so many bytes.</summary>
    /// <exception cref="ApplianceException">There was none in time.</exception>
    public async Task<IDisposable> EnterBytesAsync(long size, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await _places.EnterAsync(Lane.Current, either.Token, (int)Math.Clamp(size >> 20, 1, int.MaxValue)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ApplianceException(
                ApplianceError.Busy,
                "DtMcp reads so much for others at once that this question found no room in time.",
                "Ask again in a minute; what was read before is answered at once.");
        }
    }
}
