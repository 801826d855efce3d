using System.Text;

namespace DtMcp.Exporting.Tables;

/// <summary>Different words in the order in which they came.</summary>
internal sealed class WordList
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<byte[]> _words = [];

    public int Count => _words.Count;

    /// <summary>A word in UTF-8.</summary>
    public ReadOnlySpan<byte> this[int number] => _words[number];

    /// <summary>The number of a word; <see cref="Column.None"/> of none.</summary>
    public long Of(string? word)
    {
        if (word is null)
        {
            return Column.None;
        }

        if (!_numbers.TryGetValue(word, out var number))
        {
            number = _words.Count;
            _words.Add(Encoding.UTF8.GetBytes(word));
            _numbers.Add(word, number);
        }

        return number;
    }

    public void Clear()
    {
        _numbers.Clear();
        _words.Clear();
    }
}
