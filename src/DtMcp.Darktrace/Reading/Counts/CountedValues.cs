using System.Text.Json;
using DtMcp.Darktrace.Reading.Companions;

namespace DtMcp.Darktrace.Reading.Counts;

/// <summary>A value and how many records have it. Untrusted text.</summary>
public readonly record struct CountedValue(string Key, long Count);

/// <summary>The commonest values of a field.</summary>
public sealed record CountedValues : CountAnswer
{
    /// <summary>Values that one answer is read for; an appliance lists hundreds at most.</summary>
    internal const int MaxValues = 100_000;

    /// <summary>As they came, the commonest first.</summary>
    public IReadOnlyList<CountedValue> Values { get; internal init; } = [];

    /// <summary>Records whose value is not listed.</summary>
    public long Other { get; internal init; }

    /// <summary>What a count may be short by, at most.</summary>
    public long MayLack { get; internal init; }

    /// <summary>Whether every value is listed and every count is exact.</summary>
    public bool IsWhole => Other == 0 && MayLack == 0;

    internal static CountedValues Parse(ref Utf8JsonReader reader)
    {
        List<CountedValue> values = [];
        var (other, error, isThere) = (0L, 0L, false);
        var parts = CountParts.Read(ref reader, (ref reader, _) =>
        {
            while (JsonFields.NextField(ref reader, out var name))
            {
                switch (name)
                {
                    case "buckets":
                        isThere = true;
                        ReadBuckets(ref reader, values);
                        break;
                    case "sum_other_doc_count": other = Math.Max(0, JsonFields.Whole(ref reader) ?? 0); break;
                    case "doc_count_error_upper_bound": error = JsonFields.Whole(ref reader) ?? 0; break;
                    default: reader.Skip(); break;
                }
            }
        });
        var answer = parts.Into(new CountedValues { Values = values, Other = other, MayLack = error });
        return isThere || answer.Error is not null ? answer : throw CompanionBody.Bad("counts no values", null);
    }

    private static void ReadBuckets(ref Utf8JsonReader reader, List<CountedValue> values)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw CompanionBody.Bad("counts no values", null);
        }

        values.Clear();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!JsonFields.IsObject(ref reader))
            {
                throw CompanionBody.Bad("counts something that is no value", null);
            }

            var (key, count) = ((string?)null, (long?)null);
            while (JsonFields.NextField(ref reader, out var name))
            {
                switch (name)
                {
                    // 1 and 0 of a boolean say what they are beside.
                    case "key": key ??= JsonFields.Text(ref reader); break;
                    case "key_as_string": key = JsonFields.Text(ref reader) ?? key; break;
                    case "doc_count": count = JsonFields.Whole(ref reader); break;
                    default: reader.Skip(); break;
                }
            }

            if (count is not >= 0 || values.Count == MaxValues)
            {
                throw CompanionBody.Bad("counts values without a number, or too many of them", null);
            }

            values.Add(new CountedValue(key ?? "", count.Value));
        }
    }
}
