using DtMcp.Darktrace.Errors;

namespace DtMcp.Darktrace.Reading;

internal static class NetworkReader
{
    public static Task<NetworkAnswer> ReadAsync(Stream body, FlowSet into, IProgress<ReadProgress>? progress, CancellationToken cancellationToken) =>
        Task.FromException<NetworkAnswer>(new ApplianceException(ApplianceError.NotAvailable, "This build reads no /network answers.", "Use a later build."));
}
