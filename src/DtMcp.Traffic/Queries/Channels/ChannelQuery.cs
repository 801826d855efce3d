namespace DtMcp.Traffic.Queries.Channels;

/// <summary>
/// What an investigation wants of channels (<see cref="ChannelKey"/>): their sums, and where it looks for periods the start and size of
/// each connection.
/// </summary>
/// <param name="WantsStarts">Whether starts and sizes are wanted.</param>
internal sealed record ChannelQuery(bool WantsStarts)
{
    /// <summary>
    /// One connection is an upload when it sends this much and this many times what it receives: a page with a form, or a chat, sends less
    /// than a tenth of it, and fetching sends a fraction of what comes.
    /// </summary>
    public const long UploadConnectionBytes = 100_000;
    public const int UploadRatio = 3;

    /// <summary>When channels must go, as many long ones as fit a quarter of them stay: ten minutes and more.</summary>
    public const int LongMs = 600_000;
}
