namespace DtMcp.Darktrace.Reading;

/// <summary>Reads the body of one page of Advanced Search.</summary>
internal static class AdvancedSearchReader
{
    /// <summary>Reads records into <paramref name="into"/>, under the rules of <see cref="NetworkReader"/>.</summary>
    public static async Task<RecordsPage> ReadAsync(Stream body, FlowSet into, CancellationToken cancellationToken)
    {
        var shape = new RecordsShape(into);
        var bytes = await JsonStream.ReadAsync(body, shape, null, cancellationToken).ConfigureAwait(false);
        return shape.Finish(bytes);
    }
}
