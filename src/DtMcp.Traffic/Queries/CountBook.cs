using System.Collections.Concurrent;
using DtMcp.Darktrace.Reading.Counts;
using DtMcp.Darktrace.Requests.Searches;

namespace DtMcp.Traffic.Queries;

/// <summary>
/// What the appliance counted for one window and its filters. An executor looks up what it needs; what is not there yet is remembered, is
/// asked for all at once, and then the executor begins anew. So it does no I/O and each count is asked once.
/// </summary>
internal sealed class CountBook
{
    /// <summary>How many days its graphs have.</summary>
    public int Days { get; init; }

    private readonly ConcurrentDictionary<CountAsk, CountAnswer> _answers = [];

    // ConnTerm is no key that may be null.
    private readonly ConcurrentDictionary<string, long> _totals = new(StringComparer.Ordinal);

    /// <summary>Requests that were answered.</summary>
    public int Count => _answers.Count;

    /// <summary>Every answer.</summary>
    public IEnumerable<CountAnswer> Answers => _answers.Values;

    /// <summary>Whether the same records were counted with two results: some were put into the index meanwhile.</summary>
    public bool Shifts { get; private set; }

    public bool IsPartial => _answers.Values.Any(answer => answer.IsPartial);

    public void Add(CountAsk ask, CountAnswer answer)
    {
        _answers[ask] = answer;
        if (answer is CountCourse)
        {
            // Its total is of a day.
            return;
        }

        if ((answer is FieldSums { Count: var count } && ask.Field == ConnField.Start ? count : answer.Total) is { } total)
        {
            Shifts |= _totals.TryGetValue(Key(ask.Where), out var known) && known != total;
            _totals[Key(ask.Where)] = total;
        }
    }

    public T? Find<T>(CountAsk ask)
        where T : CountAnswer => _answers.GetValueOrDefault(ask) as T;

    public long? Total(ConnTerm? where) => _totals.TryGetValue(Key(where), out var total) ? total : null;

    private static string Key(ConnTerm? where) => where?.Text ?? "";
}

/// <summary>Looks counts up, and keeps what was not there.</summary>
internal sealed class CountLookup(CountBook book)
{
    private readonly HashSet<CountAsk> _missing = [];

    public IReadOnlyCollection<CountAsk> Missing => _missing;

    public CountedValues? Values(ConnTerm? where, ConnField field) => Find<CountedValues>(new CountAsk(CountKind.Values, where, field));

    public FieldSums? Sums(ConnTerm? where, ConnField field) => Find<FieldSums>(new CountAsk(CountKind.Sums, where, field));

    /// <summary>A field by the hour of insertion, over all days; null where a day is not there yet.</summary>
    public IReadOnlyList<CountCourse>? Course(ConnTerm? where, ConnField field)
    {
        var days = Enumerable.Range(0, book.Days)
            .Select(day => Find<CountCourse>(new CountAsk(CountKind.Course, where, field) { Day = day })).ToList();
        return days.Contains(null) ? null : [.. days.OfType<CountCourse>()];
    }

    /// <summary>How many records: whatever was counted of them says it too.</summary>
    public long? Total(ConnTerm? where)
    {
        if (book.Total(where) is { } total)
        {
            return total;
        }

        // The bytes are wanted besides as a rule; where an appliance does not say how many there are, each has a start.
        _ = Sums(where, ConnField.OriginatorBytes) is null ? null : Sums(where, ConnField.Start);
        return null;
    }

    private T? Find<T>(CountAsk ask)
        where T : CountAnswer
    {
        var found = book.Find<T>(ask);
        if (found is null)
        {
            _missing.Add(ask);
        }

        return found;
    }
}
