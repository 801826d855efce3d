using System.Globalization;

namespace DtMcp.Darktrace.Signing;

internal static class RequestDate
{
    /// <summary>The DTAPI-Date value: UTC, whole seconds, the same digits in every culture.</summary>
    internal static string Build(DateTimeOffset now, DateFormat format) => now.UtcDateTime.ToString(
        format switch
        {
            DateFormat.Spaced => "yyyy-MM-dd HH:mm:ss",
            DateFormat.Extended => "yyyy-MM-dd'T'HH:mm:ss",
            DateFormat.Compact => "yyyyMMdd'T'HHmmss",
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a date format."),
        },
        CultureInfo.InvariantCulture);
}
