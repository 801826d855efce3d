using System.Text.Json;
using DtMcp.Darktrace.Reading.Companions;

namespace DtMcp.Darktrace.Reading.Counts;

/// <summary>What the numbers of a field come to.</summary>
public sealed record FieldSums : CountAnswer
{
    /// <summary>Beyond it a sum of whole numbers may be rounded: an appliance sums in doubles.</summary>
    private const double LargestExact = 9_007_199_254_740_992;

    /// <summary>Records that have the field.</summary>
    public long Count { get; internal init; }

    /// <summary>The least of them; null of none.</summary>
    public double? Least { get; internal init; }

    /// <summary>The greatest of them; null of none.</summary>
    public double? Most { get; internal init; }

    public double Sum { get; internal init; }

    /// <summary>The sum as a whole number; null when it is not one that a double holds exactly, or when a value is below 0.</summary>
    public long? Whole => Sum is >= 0 and < LargestExact && double.IsInteger(Sum) && Least is not < 0 ? (long)Sum : null;

    internal static FieldSums Parse(ref Utf8JsonReader reader)
    {
        FieldSums? sums = null;
        var parts = CountParts.Read(ref reader, (ref reader, _) => sums = Stats(ref reader));
        var answer = parts.Into(sums ?? new FieldSums());
        return sums is { Count: >= 0 } || answer.Error is not null ? answer : throw CompanionBody.Bad("sums nothing", null);
    }

    /// <summary>An object of <c>count, min, max, avg, sum</c>; without a count it is null.</summary>
    internal static FieldSums? Stats(ref Utf8JsonReader reader)
    {
        var (count, least, most, sum) = ((long?)null, (double?)null, (double?)null, (double?)null);
        while (JsonFields.NextField(ref reader, out var name))
        {
            switch (name)
            {
                case "count": count = JsonFields.Whole(ref reader); break;
                case "min": least = JsonFields.Number(ref reader); break;
                case "max": most = JsonFields.Number(ref reader); break;
                case "sum": sum = JsonFields.Number(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        // Of no values there is no sum in some versions, and an infinite least in others.
        return count is { } known and >= 0 && (sum is not null || known == 0)
            ? known == 0 ? new FieldSums() : new FieldSums { Count = known, Least = least, Most = most, Sum = sum!.Value }
            : null;
    }
}
