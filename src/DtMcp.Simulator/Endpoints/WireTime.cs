using System.Globalization;

namespace DtMcp.Simulator.Endpoints;

/// <summary>Times as the appliance prints them, UTC.</summary>
internal static class WireTime
{
    public static string Seconds(long ms) => Format(ms, "yyyy-MM-dd HH:mm:ss");

    public static string Minutes(long ms) => Format(ms, "yyyy-MM-dd HH:mm");

    public static string Iso(long ms) => Format(ms, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    public static string Format(long ms, string format) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString(format, CultureInfo.InvariantCulture);
}
