namespace DtMcp.Darktrace.Reading;

/// <summary>Reads the body of a <c>/network</c> answer.</summary>
internal static class NetworkReader
{
    /// <summary>
    /// Reads connections into <paramref name="into"/> and everything else into the result, in the memory of one window.
    /// A body that is not whole, valid JSON within the bounds is <see cref="Errors.ApplianceError.BadAnswer"/>; the set is to be thrown away then.
    /// </summary>
    public static async Task<NetworkAnswer> ReadAsync(Stream body, FlowSet into, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        var shape = new NetworkShape(into);
        var bytes = await JsonStream.ReadAsync(body, shape, progress, cancellationToken).ConfigureAwait(false);
        return shape.Finish(bytes);
    }
}
