using System.Globalization;

namespace DtMcp.Traffic.Questions.Conditions;

/// <summary>The length of an interval as people write it: <c>5m</c>, <c>1h</c>, <c>1d</c>.</summary>
internal static class IntervalText
{
    public static string Of(TimeSpan interval) => interval.TotalSeconds switch
    {
        var seconds when seconds % 86_400 == 0 => Text(seconds / 86_400, "d"),
        var seconds when seconds % 3_600 == 0 => Text(seconds / 3_600, "h"),
        var seconds when seconds % 60 == 0 => Text(seconds / 60, "m"),
        var seconds => Text(seconds, "s"),
    };

    private static string Text(double number, string unit) => number.ToString(CultureInfo.InvariantCulture) + unit;
}
