using System.Globalization;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Json;

/// <summary>The one refusal of this folder: a body that is not whole, valid JSON within the bounds.</summary>
internal static class BadAnswer
{
    private const string Remedy = "Ask again; if it happens again, ask for a shorter time window or fewer fields.";

    public static ApplianceException NotJson(long rows, long bytes, Exception? inner = null) =>
        New("was cut off or is not valid JSON", rows, bytes, inner);

    public static ApplianceException NotUtf8(long rows, long bytes) => New("is not valid UTF-8", rows, bytes, null);

    public static ApplianceException Broken(long rows, long bytes, Exception inner) =>
        New("broke off while it was read", rows, bytes, inner);

    public static ApplianceException TooLong(long rows, long bytes) =>
        New($"holds a row of more than {JsonWindow.MaxBytes / (1024 * 1024)} MiB, or a text of more than " +
            $"{JsonScalar.LongestToken / (1024 * 1024)}, which is not read", rows, bytes, null);

    public static ApplianceException Repeated(string key, long rows, long bytes) => New($"holds {key} more than once", rows, bytes, null);

    private static ApplianceException New(string what, long rows, long bytes, Exception? inner) => new(
        ApplianceError.BadAnswer,
        string.Create(CultureInfo.InvariantCulture,
            $"The appliance's answer {what}, after {rows} whole rows and {bytes} bytes; none of them is used."),
        Remedy,
        inner)
    { RowsRead = rows };
}
