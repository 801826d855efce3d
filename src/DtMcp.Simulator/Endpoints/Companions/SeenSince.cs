using System.Globalization;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary>
/// <c>seensince</c>: seconds (<c>3600</c>) or a number and a unit (<c>2min</c>, <c>1hour</c>, <c>6day</c>), one second at least.
/// </summary>
internal static class SeenSince
{
    private const long MaxSeconds = 10L * 365 * 86_400;

    /// <summary>The earliest time that counts as seen.</summary>
    public static long Of(EndpointRequest request, int defaultDays)
    {
        var seconds = request.Text("seensince") is { } text ? Parse(text) : defaultDays * 86_400L;
        return request.Appliance.NowMs - (seconds * 1000);
    }

    private static long Parse(string text)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        long unit = text[digits..].TrimEnd('s') switch
        {
            "" or "sec" or "second" => 1,
            "min" or "minute" => 60,
            "hour" => 3_600,
            "day" => 86_400,
            "week" => 7 * 86_400,
            _ => 0,
        };
        return long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && unit > 0
            && count > 0 && count <= MaxSeconds / unit
            ? count * unit
            : throw new InputErrorException($"seensince={text} is no length of time");
    }
}
