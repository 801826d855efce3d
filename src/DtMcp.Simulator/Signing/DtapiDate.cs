using System.Globalization;

namespace DtMcp.Simulator.Signing;

/// <summary>The forms of a DTAPI-Date: the guide's six, and the fractions and offsets that clients send and appliances take.</summary>
internal static class DtapiDate
{
    /// <summary>How far the date of a request may be from the appliance's clock, either way.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(30);

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyyMMdd'T'HHmmss",
        "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyyMMdd'T'HHmmss'Z'",
        "ddd, dd MMM yyyy HH:mm:ss 'GMT'", "ddd, dd MMM yyyy HH:mm:ss", "ddd, dd-MMM-yy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'",
        "ddd MMM d HH:mm:ss yyyy",
    ];

    public static bool TryParse(string text, out DateTimeOffset date) => DateTimeOffset.TryParseExact(
        text,
        Formats,
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowInnerWhite,
        out date);

    public static bool IsNear(string text, DateTimeOffset now) => TryParse(text, out var date) && (date - now).Duration() <= Tolerance;
}
