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
    public static async Task<RecordsPage> ReadAsync(Stream body, FlowSet into, TimeWindow? window, CancellationToken cancellationToken)
    {
        var shape = new RecordsShape(into, window);
        var bytes = await JsonStream.ReadAsync(body, shape, null, cancellationToken).ConfigureAwait(false);
        return shape.Finish(bytes);
    }
}
