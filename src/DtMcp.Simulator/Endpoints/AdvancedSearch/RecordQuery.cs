using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// The part of Lucene's query language that <c>@type:conn</c> searches use: <c>field:value</c>, <c>field:"value"</c>, <c>field:[a TO b]</c> (and <c>{a TO b}</c>), several values as
/// <c>field:(a OR b)</c>, AND, OR, NOT, parentheses. As in Lucene, two terms with nothing between them are an OR. Binding from loose to tight: OR, AND, NOT.
/// </summary>
internal sealed class RecordQuery
{
    private const int DeepestNesting = 100;

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
    public static Func<int, bool> Parse(RecordSet records, string text)
    {
        var query = new RecordQuery(records, text);
        if (query._tokens.Count == 0)
        {
            return _ => true;
        }

        var condition = query.Or(field: null);
        return query._next == query._tokens.Count ? condition : throw Wrong($"'{query._tokens[query._next].Text}' is not expected");
    }

    private Func<int, bool> Or(string? field)
    {
        var terms = new List<Func<int, bool>> { And(field) };
        while (_next < _tokens.Count && !Is(")"))
        {
            if (Is("OR") || Is("||"))
            {
                _next++;
            }

            terms.Add(And(field));
        }

        return terms.Count == 1 ? terms[0] : row => terms.Exists(term => term(row));
    }

    private Func<int, bool> And(string? field)
    {
        var terms = new List<Func<int, bool>> { Not(field) };
        while (Is("AND") || Is("&&"))
        {
            _next++;
            terms.Add(Not(field));
        }

        return terms.Count == 1 ? terms[0] : row => terms.TrueForAll(term => term(row));
    }

    private Func<int, bool> Not(string? field)
    {
        if (++_depth > DeepestNesting)
        {
            throw Wrong("nested too deep");
        }

        Func<int, bool> condition;
        if (Is("NOT") || Is("!"))
        {
            _next++;
            var inner = Not(field);
            condition = row => !inner(row);
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

    private Func<int, bool> Group(string? field)
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

    private Func<int, bool> Term(string? field)
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

        return Compare(field, Take());
    }

    // [a TO b] with its ends, {a TO b} without.
    private Func<int, bool> Range(string field)
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

        return RecordField.IsIn(_records, NameOf(field), low, high, lowInclusive, Take() == "]");
    }

    private Func<int, bool> Compare(string field, string value)
    {
        if (field is "@type")
        {
            var isConn = value is "conn" or "*";
            return _ => isConn;
        }

        return field is "_exists_" ? RecordField.Is(_records, NameOf(value), "*") : RecordField.Is(_records, NameOf(field), value);
    }

    private static string NameOf(string field) => field.StartsWith("@fields.", StringComparison.Ordinal) ? field["@fields.".Length..] : field;

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
                while (place < text.Length && !char.IsWhiteSpace(text[place]) && !"()[]{}\"".Contains(text[place], StringComparison.Ordinal) && (isValue || text[place] != ':'))
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
}
