using System.Globalization;
using DtMcp.Darktrace.Errors;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools.Arguments;

/// <summary>
/// Time zones by their name in the IANA database (<c>Europe/Berlin</c>), which the system has or has not, and by a fixed offset
/// (<c>+01:00</c>, <c>UTC+2</c>), which needs none.
/// </summary>
internal static class TimeZones
{
    private const int LongestName = 64;

    // The furthest that any clock is set (Kiribati); TimeZoneInfo takes no more than this either.
    private const int MostHours = 14;

    /// <summary>The zone that a call asks for; UTC when it names none.</summary>
    public static TimeZoneInfo Of(ToolArguments arguments) => arguments.Text(Tz) is { } name ? Find(name) : TimeZoneInfo.Utc;

    public static TimeZoneInfo Find(string name)
    {
        if (name.ToUpperInvariant() is "UTC" or "GMT" or "Z" or "ETC/UTC" or "ZULU")
        {
            return TimeZoneInfo.Utc;
        }

        if (Offset(name) is { } offset)
        {
            return offset == TimeSpan.Zero ? TimeZoneInfo.Utc : Fixed(offset);
        }

        // A name becomes a path below the zone files.
        if (name.Length > LongestName || name.Contains("..", StringComparison.Ordinal) || name[0] == '/'
            || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '_' or '-' or '+'))
        {
            throw Wrong(name);
        }

        return Known(name) ?? throw (Known("Europe/London") is null ? NoZones(name) : Wrong(name));
    }

    private static TimeZoneInfo? Known(string name)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception unknown) when (unknown is TimeZoneNotFoundException or InvalidTimeZoneException
            or UnauthorizedAccessException or IOException)
        {
            return null;
        }
    }

    // +01:00, -0330, UTC+2, GMT-5
    private static TimeSpan? Offset(string text)
    {
        var rest = text.StartsWith("UTC", StringComparison.OrdinalIgnoreCase) || text.StartsWith("GMT", StringComparison.OrdinalIgnoreCase)
            ? text[3..]
            : text;
        if (rest.Length < 2 || rest[0] is not ('+' or '-'))
        {
            return null;
        }

        var digits = rest[1..].Replace(":", "", StringComparison.Ordinal);
        if (digits.Length is 0 or > 4 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var (hours, minutes) = digits.Length <= 2 ? (number, 0) : (number / 100, number % 100);
        return hours <= MostHours && minutes < 60 && new TimeSpan(hours, minutes, 0) is var span && span.TotalHours <= MostHours
            ? rest[0] == '-' ? -span : span
            : null;
    }

    private static TimeZoneInfo Fixed(TimeSpan offset)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}");
        return TimeZoneInfo.CreateCustomTimeZone(name, offset, name, name);
    }

    private static ApplianceException Wrong(string name) => Refusal.Of(
        $"tz is {Refusal.Shown(name)}.", "It takes a name of the IANA database, such as Europe/Berlin, or an offset, such as +01:00.");

    private static ApplianceException NoZones(string name) => Refusal.Of(
        $"tz is {Refusal.Shown(name)}, and this system has no time zones.",
        "Give an offset, such as tz=+01:00; or have the package tzdata installed, or /usr/share/zoneinfo mounted into the container.");
}
