namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// The part of Lucene's query language that searches use: <c>field:value</c>, <c>field:"value"</c>, <c>field:10.1.*</c>,
/// <c>field:[a TO b]</c> (and <c>{a TO b}</c>), <c>field:&gt;a</c>, several values as
/// <c>field:(a OR b)</c>, <c>_exists_:"field"</c>, AND, OR, NOT, parentheses. Within quotes no letter stands for another.
/// As in Lucene, two terms with nothing between them are an OR. Binding from loose to tight: OR, AND, NOT.
/// </summary>
internal sealed class RecordQuery
{
    private const int DeepestNesting = 100;

    /// <summary>Words of a group that is kept; longer ones are hardly asked again.</summary>
    private const int MostKept = 1_000;

    private readonly IEntries _entries;
    private readonly List<Token> _tokens = [];
    private int _next;
    private int _depth;

    private RecordQuery(IEntries entries, string text)
    {
        _entries = entries;
        Split(text);
    }

    /// <summary>The entries that a search finds.</summary>
    /// <exception cref="InputErrorException">The text is no such query.</exception>
    public static RowBits Find(IEntries entries, string text)
    {
        var query = new RecordQuery(entries, text);
        if (query._tokens.Count == 0)
        {
            return RowBits.Between(entries.Count, 0, entries.Count);
        }

        var condition = query.Or(field: null);
        return query._next == query._tokens.Count ? condition : throw Wrong($"'{query._tokens[query._next].Text}' is not expected");
    }

    private RowBits Or(string? field)
    {
        var found = And(field);
        while (_next < _tokens.Count && !Is(")"))
        {
            if (Is("OR") || Is("||"))
            {
                _next++;
            }

            found = found.Or(And(field));
        }

        return found;
    }

    private RowBits And(string? field)
    {
        var found = Not(field);
        while (Is("AND") || Is("&&"))
        {
            _next++;
            found = found.And(Not(field));
        }

        return found;
    }

    private RowBits Not(string? field)
    {
        if (++_depth > DeepestNesting)
        {
            throw Wrong("nested too deep");
        }

        RowBits condition;
        if (Is("NOT") || Is("!"))
        {
            _next++;
            condition = Not(field).Not();
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

    private RowBits Group(string? field)
    {
        var (start, end) = (_next, EndOfGroup());
        if (end - start > MostKept)
        {
            return Inner();
        }

        var found = _entries.Keep($"{field}\n{string.Join('\n', _tokens[start..end])}", Inner);
        _next = end;
        return found;

        RowBits Inner()
        {
            _next = start + 1;
            var inner = Or(field);
            if (!Is(")"))
            {
                throw Wrong("a parenthesis is not closed");
            }

            _next++;
            return inner;
        }
    }

    // Behind the parenthesis that closes the group that begins here.
    private int EndOfGroup()
    {
        var open = 0;
        for (var place = _next; place < _tokens.Count; place++)
        {
            open += _tokens[place].IsKeyword("(") ? 1 : _tokens[place].IsKeyword(")") ? -1 : 0;
            if (open == 0)
            {
                return place + 1;
            }
        }

        throw Wrong("a parenthesis is not closed");
    }

    private RowBits Term(string? field)
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

        var isPattern = _next < _tokens.Count && !_tokens[_next].IsQuoted;
        var value = Take();
        if (isPattern && value is ['>' or '<', ..])
        {
            var isInclusive = value is [_, '=', ..];
            var bound = value[(isInclusive ? 2 : 1)..];
            return value[0] == '>' ? In(field, bound, "*", isInclusive, true) : In(field, "*", bound, true, isInclusive);
        }

        return Compare(field, value, isPattern);
    }

    private RowBits In(string field, string low, string high, bool lowInclusive, bool highInclusive) =>
        _entries.IsIn(NameOf(field), low, high, lowInclusive, highInclusive);

    // [a TO b] with its ends, {a TO b} without.
    private RowBits Range(string field)
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

    private RowBits Compare(string field, string value, bool isPattern) => field switch
    {
        "@type" => value == _entries.Type || value == "*" ? RowBits.Between(_entries.Count, 0, _entries.Count)
            : RowBits.None(_entries.Count),
        "_exists_" => _entries.Is(NameOf(value), "*", isPattern: true),
        _ => _entries.Is(NameOf(field), value, isPattern),
    };

    private static string NameOf(string field) =>
        field.StartsWith("@fields.", StringComparison.Ordinal) ? field["@fields.".Length..] : field;

    private bool Is(string text) => _next < _tokens.Count && _tokens[_next].IsKeyword(text);

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
                _tokens.Add(new Token(letter.ToString()));
                valueAllowed = letter == ':';
                place++;
                continue;
            }
            else
            {
                var start = place;
                var isValue = valueAllowed || _tokens.Count > 0 && _tokens[^1] is { Text: "[" or "{" or "TO", IsQuoted: false };
                var escaped = new System.Text.StringBuilder();
                while (place < text.Length && !char.IsWhiteSpace(text[place]) && !"()[]{}\"".Contains(text[place], StringComparison.Ordinal)
                    && (isValue || text[place] != ':'))
                {
                    place += text[place] == '\\' && place + 1 < text.Length ? 1 : 0;
                    escaped.Append(text[place++]);
                }

                _tokens.Add(new Token(escaped.ToString(), IsEscaped: text.AsSpan(start, place - start).Contains('\\')));
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

        _tokens.Add(new Token(value.ToString(), IsQuoted: true));
        return place + 1;
    }

    private static InputErrorException Wrong(string what) => new($"the search cannot be read: {what}");

    /// <summary>A word or a sign; within quotes nothing has a meaning of its own.</summary>
    private readonly record struct Token(string Text, bool IsQuoted = false, bool IsEscaped = false)
    {
        public bool IsKeyword(string text) => !IsQuoted && !IsEscaped && Text == text;
    }
}
