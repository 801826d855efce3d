using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Records;

/// <summary>Reads the body of one page of Advanced Search.</summary>
internal static class AdvancedSearchReader
{
    /// <summary>
    /// Reads records into <paramref name="into"/>, those that start in the window, under the rules of <see cref="NetworkReader"/>.
    /// </summary>
    public static Task<RecordsPage> ReadAsync(Stream body, FlowSet into, TimeWindow? window, CancellationToken cancellationToken) =>
        ReadAsync(body, new RecordsShape(into, window), JsonWindow.UsualBytes, cancellationToken);

    /// <summary>The same into a space that was used for other pages of the search, or will be.</summary>
    public static Task<RecordsPage> ReadAsync(Stream body, RecordsSpace into, TimeWindow? window, CancellationToken cancellationToken) =>
        ReadAsync(body, new RecordsShape(into.Rows, window, steps: into.Steps), JsonWindow.PageBytes, cancellationToken);

    /// <summary>The same with every entry read by the general reader: the reference that the fast one has to equal.</summary>
    internal static Task<RecordsPage> ReadGenerallyAsync(Stream body, FlowSet into, TimeWindow? window,
        CancellationToken cancellationToken) =>
        ReadAsync(body, new RecordsShape(into, window, general: true), JsonWindow.UsualBytes, cancellationToken);

    internal static async Task<RecordsPage> ReadAsync(Stream body, RecordsShape shape, int windowBytes, CancellationToken cancellationToken)
    {
        var bytes = await JsonStream.ReadAsync(body, shape, null, cancellationToken, windowBytes).ConfigureAwait(false);
        return shape.Finish(bytes);
    }
}
