using System.Text.Json;
using DtMcp.Darktrace.Reading.Companions;

namespace DtMcp.Darktrace.Reading.Counts;

/// <summary>Records put into the index from a time on, until the next point.</summary>
/// <param name="TimeMs">Milliseconds since 1970.</param>
/// <param name="Count">How many.</param>
/// <param name="Sums">What a field of theirs comes to, where it was asked for.</param>
public readonly record struct CoursePoint(long TimeMs, long Count, FieldSums? Sums);

/// <summary>One day of a course over time, by the time of insertion.</summary>
public sealed record CountCourse : CountAnswer
{
    public IReadOnlyList<CoursePoint> Points { get; internal init; } = [];

    /// <summary>The number of the day before; null when the window has none.</summary>
    public int? Next { get; internal init; }

    internal static CountCourse Parse(ref Utf8JsonReader reader)
    {
        List<CoursePoint>? points = null;
        var parts = CountParts.Read(ref reader, (ref reader, _) =>
        {
            while (JsonFields.NextField(ref reader, out var name))
            {
                if (name == "buckets")
                {
                    points = ReadPoints(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        });
        var answer = parts.Into(new CountCourse { Points = points ?? [], Next = parts.Next });
        return points is not null || answer.Error is not null ? answer : throw CompanionBody.Bad("has no course", null);
    }

    private static List<CoursePoint> ReadPoints(ref Utf8JsonReader reader)
    {
        List<CoursePoint> points = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!JsonFields.IsObject(ref reader))
            {
                throw CompanionBody.Bad("has a course of something that is no point", null);
            }

            var (key, count, sums) = ((long?)null, (long?)null, (FieldSums?)null);
            while (JsonFields.NextField(ref reader, out var name))
            {
                switch (name)
                {
                    case "key": key = JsonFields.Whole(ref reader); break;
                    case "doc_count": count = JsonFields.Whole(ref reader); break;
                    case "mean_stats" when reader.TokenType == JsonTokenType.StartObject: sums = FieldSums.Stats(ref reader); break;
                    default: reader.Skip(); break;
                }
            }

            if (key is not >= 0 || count is not >= 0 || points.Count == CountedValues.MaxValues)
            {
                throw CompanionBody.Bad("has points without a time or a number, or too many of them", null);
            }

            points.Add(new CoursePoint(key.Value, count.Value, sums));
        }

        return points;
    }
}
