using DtMcp.Darktrace.Errors;

namespace DtMcp.Darktrace.Reading;

internal static class AdvancedSearchReader
{
    public static Task<RecordsPage> ReadAsync(Stream body, FlowSet into, CancellationToken cancellationToken) =>
        Task.FromException<RecordsPage>(new ApplianceException(ApplianceError.NotAvailable, "This build reads no Advanced Search answers.", "Use a later build."));
}
