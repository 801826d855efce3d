using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using DtMcp.Darktrace.Values;

namespace DtMcp.History.Wire;

/// <summary>
/// A piece of SQL. Whatever is put into it (<c>Sql.Of($"... {value}")</c>) becomes a literal by its type; there is no way to put in raw
/// text other than the program's own. Servers of 2018 bind no parameters over HTTP, so literals it is, and of letters and digits alone.
/// </summary>
internal sealed class Sql
{
    private Sql(string text) => Text = text;

    public string Text { get; }

    public static Sql Of(SqlBuilder built) => new(built.Text);

    /// <summary>The name of a database, a table or a cluster: letters, digits and underscores.</summary>
    public static Sql Name(string name) => IsName(name)
        ? new Sql(name)
        : throw new ArgumentException("Names are of letters, digits and underscores.", nameof(name));

    public static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(name[0]);

    /// <summary>Pieces with a comma between them.</summary>
    public static Sql List(IEnumerable<Sql> pieces) => new(string.Join(", ", pieces.Select(static piece => piece.Text)));

    /// <summary>Conditions that all hold; a condition that always holds where there is none.</summary>
    public static Sql All(IEnumerable<Sql> conditions) => Joined(conditions, " AND ", "1");

    /// <summary>Conditions of which one holds; a condition that never holds where there is none.</summary>
    public static Sql Any(IEnumerable<Sql> conditions) => Joined(conditions, " OR ", "0");

    public override string ToString() => Text;

    private static Sql Joined(IEnumerable<Sql> conditions, string word, string none)
    {
        var all = conditions.Select(static one => one.Text).ToList();
        return new Sql(all.Count == 0 ? none : $"({string.Join(word, all)})");
    }
}

/// <summary>Puts values into SQL as literals.</summary>
[InterpolatedStringHandler]
internal readonly ref struct SqlBuilder
{
    private readonly StringBuilder _text;

    public SqlBuilder(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (formattedCount * 16));

    public string Text => _text.ToString();

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(Sql piece) => _text.Append(piece.Text);

    // In parentheses below zero: a minus before it would make a comment of two.
    public void AppendFormatted(long number) =>
        _text.Append(number < 0 ? "(" : "").Append(number.ToString(CultureInfo.InvariantCulture)).Append(number < 0 ? ")" : "");

    public void AppendFormatted(ulong number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));

    public void AppendFormatted(IReadOnlyList<ulong> numbers) =>
        _text.AppendJoin(',', numbers.Select(static number => number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Its 16 bytes.</summary>
    public void AppendFormatted(NetAddress address) =>
        _text.Append("toFixedString(unhex('").Append(address.Bits.ToString("x32", CultureInfo.InvariantCulture)).Append("'),16)");

    /// <summary>A text: all but letters and digits as bytes of two hex digits, so that nothing in it can end it.</summary>
    public void AppendFormatted(string text)
    {
        _text.Append('\'');
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b))
            {
                _text.Append((char)b);
            }
            else
            {
                _text.Append("\\x").Append(b.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        _text.Append('\'');
    }
}
