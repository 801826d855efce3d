using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// The part of Lucene's query language that <c>@type:conn</c> searches use: <c>field:value</c>, <c>field:"value"</c>, <c>field:[a TO b]</c>
/// (and <c>{a TO b}</c>), <c>field:&gt;a</c>, several values as
/// <c>field:(a OR b)</c>, AND, OR, NOT, parentheses. As in Lucene, two terms with nothing between them are an OR. Binding from loose to
/// tight: OR, AND, NOT.
/// </summary>
internal sealed class RecordQuery
{
    private const int DeepestNesting = 100;

    private static readonly Condition All = new(_ => true);

    private readonly RecordSet _records;
    private readonly List<(string Text, bool Quoted)> _tokens = [];
    private int _next;
    private int _depth;

    private RecordQuery(RecordSet records, string text)
    {
        _records = records;
        Split(text);
    }

    /// <summary>What a row number has to satisfy.</summary>
    /// <exception cref="InputErrorException">The text is no such query.</exception>
    public static Condition Parse(RecordSet records, string text)
    {
        var query = new RecordQuery(records, text);
        if (query._tokens.Count == 0)
        {
            return All;
        }

        var condition = query.Or(field: null);
        return query._next == query._tokens.Count ? condition : throw Wrong($"'{query._tokens[query._next].Text}' is not expected");
    }

    private Condition Or(string? field)
    {
        var terms = new List<Condition> { And(field) };
        while (_next < _tokens.Count && !Is(")"))
        {
            if (Is("OR") || Is("||"))
            {
                _next++;
            }

            terms.Add(And(field));
        }

        return terms.Count == 1
            ? terms[0]
            : new(row => terms.Exists(term => term.Matches(row)), terms.Min(term => term.From), terms.Max(term => term.To));
    }

    private Condition And(string? field)
    {
        var terms = new List<Condition> { Not(field) };
        while (Is("AND") || Is("&&"))
        {
            _next++;
            terms.Add(Not(field));
        }

        return terms.Count == 1
            ? terms[0]
            : new(row => terms.TrueForAll(term => term.Matches(row)), terms.Max(term => term.From), terms.Min(term => term.To));
    }

    private Condition Not(string? field)
    {
        if (++_depth > DeepestNesting)
        {
            throw Wrong("nested too deep");
        }

        Condition condition;
        if (Is("NOT") || Is("!"))
        {
            _next++;
            var inner = Not(field);
            condition = new(row => !inner.Matches(row));
        }
        else if (Is("("))
        {
            condition = Group(field);
        }
        else
        {
            condition = Term(field);
        }

        _depth--;
        return condition;
    }

    private Condition Group(string? field)
    {
        _next++;
        var inner = Or(field);
        if (!Is(")"))
        {
            throw Wrong("a parenthesis is not closed");
        }

        _next++;
        return inner;
    }

    private Condition Term(string? field)
    {
        if (field is null)
        {
            field = Take();
            if (!Is(":"))
            {
                throw Wrong($"'{field}' names no field");
            }

            _next++;
            if (Is("("))
            {
                return Group(field);
            }
        }

        if (Is("[") || Is("{"))
        {
            return Range(field);
        }

        var isPlain = _next < _tokens.Count && !_tokens[_next].Quoted;
        var value = Take();
        if (isPlain && value is ['>' or '<', ..])
        {
            var isInclusive = value is [_, '=', ..];
            var bound = value[(isInclusive ? 2 : 1)..];
            return value[0] == '>' ? In(field, bound, "*", isInclusive, true) : In(field, "*", bound, true, isInclusive);
        }

        return Compare(field, value);
    }

    private Condition In(string field, string low, string high, bool lowInclusive, bool highInclusive)
    {
        var name = NameOf(field);
        var matches = RecordField.IsIn(_records, name, low, high, lowInclusive, highInclusive);
        return RecordField.IsStart(name)
            ? new(matches, RecordField.End(low, double.NegativeInfinity), RecordField.End(high, double.PositiveInfinity))
            : new(matches);
    }

    // [a TO b] with its ends, {a TO b} without.
    private Condition Range(string field)
    {
        var lowInclusive = Take() == "[";
        var low = Take();
        if (!Is("TO"))
        {
            throw Wrong("a range is written [a TO b]");
        }

        _next++;
        var high = Take();
        if (!Is("]") && !Is("}"))
        {
            throw Wrong("a range is not closed");
        }

        return In(field, low, high, lowInclusive, Take() == "]");
    }

    private Condition Compare(string field, string value)
    {
        if (field is "@type")
        {
            var isConn = value is "conn" or "*";
            return new(_ => isConn);
        }

        return new(field is "_exists_" ? RecordField.Is(_records, NameOf(value), "*") : RecordField.Is(_records, NameOf(field), value));
    }

    private static string NameOf(string field) =>
        field.StartsWith("@fields.", StringComparison.Ordinal) ? field["@fields.".Length..] : field;

    private bool Is(string text) => _next < _tokens.Count && !_tokens[_next].Quoted && _tokens[_next].Text == text;

    private string Take() => _next < _tokens.Count ? _tokens[_next++].Text : throw Wrong("it ends too early");

    private void Split(string text)
    {
        var place = 0;
        var valueAllowed = false;
        while (place < text.Length)
        {
            var letter = text[place];
            if (char.IsWhiteSpace(letter))
            {
                place++;
            }
            else if (letter == '"')
            {
                place = Quoted(text, place + 1);
            }
            else if ("()[]{}!".Contains(letter, StringComparison.Ordinal) || (letter == ':' && !valueAllowed))
            {
                _tokens.Add((letter.ToString(), false));
                valueAllowed = letter == ':';
                place++;
                continue;
            }
            else
            {
                var start = place;
                var isValue = valueAllowed || _tokens.Count > 0 && _tokens[^1] is ("[" or "{" or "TO", false);
                var escaped = new System.Text.StringBuilder();
                while (place < text.Length && !char.IsWhiteSpace(text[place]) && !"()[]{}\"".Contains(text[place], StringComparison.Ordinal)
                    && (isValue || text[place] != ':'))
                {
                    place += text[place] == '\\' && place + 1 < text.Length ? 1 : 0;
                    escaped.Append(text[place++]);
                }

                _tokens.Add((escaped.ToString(), text.AsSpan(start, place - start).Contains('\\')));
            }

            valueAllowed = false;
        }
    }

    // Up to the closing quote; \" and \\ stand for themselves.
    private int Quoted(string text, int place)
    {
        var value = new System.Text.StringBuilder();
        for (; place < text.Length && text[place] != '"'; place++)
        {
            place += text[place] == '\\' && place + 1 < text.Length ? 1 : 0;
            value.Append(text[place]);
        }

        if (place >= text.Length)
        {
            throw Wrong("a quote is not closed");
        }

        _tokens.Add((value.ToString(), true));
        return place + 1;
    }

    private static InputErrorException Wrong(string what) => new($"the search cannot be read: {what}");

    /// <summary>What a row has to satisfy, and the range of seconds outside which no row that does can start.</summary>
    internal sealed record Condition(Func<int, bool> Matches, double From = double.NegativeInfinity, double To = double.PositiveInfinity);
}
