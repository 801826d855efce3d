using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;

namespace DtMcp.Darktrace.Reading.Network;

/// <summary>Reads the body of a <c>/network</c> answer.</summary>
internal static class NetworkReader
{
    /// <summary>
    /// Reads connections into <paramref name="into"/> and everything else into the result, in the memory of one window.
    /// A body that is not whole, valid JSON within the bounds is <see cref="Darktrace.Errors.ApplianceError.BadAnswer"/>; the set is to be
    /// thrown away then.
    /// </summary>
    public static Task<NetworkAnswer> ReadAsync(Stream body, FlowSet into, IProgress<ReadProgress>? progress,
        CancellationToken cancellationToken) =>
        ReadAsync(body, new NetworkShape(into), progress, JsonWindow.UsualBytes, cancellationToken);

    /// <summary>The same of names, which are read beside pages of records: in as little memory as one of these.</summary>
    public static Task<NetworkAnswer> ReadNamesAsync(Stream body, FlowSet into, IProgress<ReadProgress>? progress,
        CancellationToken cancellationToken) =>
        ReadAsync(body, new NetworkShape(into), progress, JsonWindow.PageBytes, cancellationToken);

    /// <summary>The same with every row read by the general reader: the reference that the fast one has to equal.</summary>
    internal static Task<NetworkAnswer> ReadGenerallyAsync(Stream body, FlowSet into, CancellationToken cancellationToken,
        int windowBytes = JsonWindow.UsualBytes) =>
        ReadAsync(body, new NetworkShape(into, general: true), null, windowBytes, cancellationToken);

    internal static async Task<NetworkAnswer> ReadAsync(
        Stream body, NetworkShape shape, IProgress<ReadProgress>? progress, int windowBytes, CancellationToken cancellationToken)
    {
        var bytes = await JsonStream.ReadAsync(body, shape, progress, cancellationToken, windowBytes).ConfigureAwait(false);
        return shape.Finish(bytes);
    }
}
