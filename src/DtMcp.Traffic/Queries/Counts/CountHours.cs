using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Queries.Counts;

/// <summary>A table by the hour of insertion, from one graph a day and a figure.</summary>
internal sealed class CountHours(CountLookup counts, CountTerms terms, ConnTerm? where)
{
    private const long HourMs = 3_600_000;

    // Of a record that does not say what its originator sent, neither direction is known.
    private static readonly ConnTerm HasSent = ConnTerm.Has(ConnField.OriginatorBytes);

    public Table? Of(string name, Column[] columns)
    {
        var measures = columns.Where(column => column.Measure is not null).ToArray();
        var withBytes = measures.Any(column => column.Measure!.Value.Kind == MeasureKind.Bytes);
        var courses = measures.Select(column => Course(column.Measure!.Value.Kind, withBytes)).ToArray();
        if (measures.Length == 0 || courses.Contains(null))
        {
            return null;
        }

        var hours = courses.SelectMany(course => course!.Keys).Distinct().Order().ToList();
        var table = new TableBuilder(name, "time", [.. columns.Select(column => column.Name)]);
        foreach (var hour in hours)
        {
            table.Add([.. columns.Select(column => column.Measure is null
                ? Cell.Step(hour)
                : Cell.Of(courses[Array.IndexOf(measures, column)]!.GetValueOrDefault(hour)))]);
        }

        return table.Build(hours.Count);
    }

    private Dictionary<long, Sum>? Course(MeasureKind kind, bool withBytes)
    {
        var began = CountTerms.And(where, terms.NearSource);
        var answered = CountTerms.And(
            where, terms.IsOneAddress ? ConnTerm.All(terms.NearDestination, terms.NearSource.Not()) : terms.NearDestination);
        return kind switch
        {
            // A course of bytes says as well how many there are.
            MeasureKind.Connections => Add(Of(where, withBytes ? ConnField.OriginatorBytes : ConnField.Start, isNumber: true)),
            MeasureKind.Bytes => Add(Of(where, ConnField.OriginatorBytes), Of(where, ConnField.ResponderBytes)),
            MeasureKind.BytesIn => Add(
                Of(CountTerms.And(began, HasSent), ConnField.ResponderBytes), Of(answered, ConnField.OriginatorBytes)),
            _ => Add(Of(began, ConnField.OriginatorBytes), Of(CountTerms.And(answered, HasSent), ConnField.ResponderBytes)),
        };
    }

    private static Dictionary<long, Sum>? Add(params Dictionary<long, long>?[] parts)
    {
        if (parts.Contains(null))
        {
            return null;
        }

        Dictionary<long, Sum> sums = [];
        foreach (var (hour, value) in parts.SelectMany(part => part!))
        {
            sums[hour] = sums.GetValueOrDefault(hour) + value;
        }

        return sums;
    }

    // The start stands for nothing but how many there are. A sum that is no whole number takes the whole course away.
    private Dictionary<long, long>? Of(ConnTerm? records, ConnField field, bool isNumber = false)
    {
        if (counts.Course(records, field) is not { } days)
        {
            return null;
        }

        Dictionary<long, long> hours = [];
        foreach (var point in days.SelectMany(day => day.Points))
        {
            if ((isNumber ? point.Count : point.Sums?.Whole) is not { } value)
            {
                return null;
            }

            var hour = point.TimeMs - (point.TimeMs % HourMs);
            hours[hour] = hours.GetValueOrDefault(hour) + value;
        }

        return hours;
    }
}
