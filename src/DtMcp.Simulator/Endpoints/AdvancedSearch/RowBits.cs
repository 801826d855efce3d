using System.Numerics;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>A set of entries, one bit each. Sets are never changed once they are made: they are shared and kept.</summary>
internal sealed class RowBits
{
    private const int BitsOfWord = 64;

    private readonly ulong[] _words;

    private RowBits(int count, ulong[] words) => (Count, _words) = (count, words);

    /// <summary>How many entries there are, in the set or not.</summary>
    public int Count { get; }

    /// <summary>How many are in the set.</summary>
    public int Ones
    {
        get
        {
            var ones = 0;
            foreach (var word in _words)
            {
                ones += BitOperations.PopCount(word);
            }

            return ones;
        }
    }

    public static RowBits None(int count) => new(count, new ulong[Words(count)]);

    /// <summary>Rows that are in order of a number, from one to another.</summary>
    public static RowBits InRange(
        int count, Func<int, double> number, double low, double high, bool lowInclusive, bool highInclusive) => Between(
            count,
            FirstWhere(count, row => lowInclusive ? number(row) >= low : number(row) > low),
            FirstWhere(count, row => highInclusive ? number(row) > high : number(row) >= high));

    /// <summary>Those from a place up to before another.</summary>
    public static RowBits Between(int count, int first, int end)
    {
        var words = new ulong[Words(count)];
        for (var row = first; row < end;)
        {
            // Whole words at once.
            var (word, bit) = Math.DivRem(row, BitsOfWord);
            var bits = Math.Min(BitsOfWord - bit, end - row);
            words[word] |= (bits == BitsOfWord ? ulong.MaxValue : (1UL << bits) - 1) << bit;
            row += bits;
        }

        return new RowBits(count, words);
    }

    /// <summary>Those that a test lets pass.</summary>
    public static RowBits Where(int count, Func<int, bool> passes)
    {
        var words = new ulong[Words(count)];
        for (var row = 0; row < count; row++)
        {
            words[row / BitsOfWord] |= (passes(row) ? 1UL : 0) << (row % BitsOfWord);
        }

        return new RowBits(count, words);
    }

    /// <summary>Those whose number in a column is one that passes.</summary>
    public static RowBits Where(ReadOnlySpan<int> column, bool[] passes)
    {
        var words = new ulong[Words(column.Length)];
        for (var word = 0; word < words.Length; word++)
        {
            var part = column.Slice(word * BitsOfWord, Math.Min(BitsOfWord, column.Length - (word * BitsOfWord)));
            var bits = 0UL;
            for (var bit = 0; bit < part.Length; bit++)
            {
                bits |= (passes[part[bit]] ? 1UL : 0) << bit;
            }

            words[word] = bits;
        }

        return new RowBits(column.Length, words);
    }

    /// <summary>Those named, or all but those.</summary>
    public static RowBits Of(int count, ReadOnlySpan<int> rows, bool isIn)
    {
        var words = new ulong[Words(count)];
        foreach (var row in rows)
        {
            words[row / BitsOfWord] |= 1UL << (row % BitsOfWord);
        }

        var bits = new RowBits(count, words);
        return isIn ? bits : bits.Not();
    }

    public bool Contains(int row) => (_words[row / BitsOfWord] >> (row % BitsOfWord) & 1) != 0;

    public RowBits And(RowBits other) => Combine(other, static (one, two) => one & two);

    public RowBits Or(RowBits other) => Combine(other, static (one, two) => one | two);

    public RowBits Not()
    {
        var words = new ulong[_words.Length];
        for (var word = 0; word < words.Length; word++)
        {
            words[word] = ~_words[word];
        }

        if (Count % BitsOfWord is var rest and > 0)
        {
            words[^1] &= (1UL << rest) - 1;
        }

        return new RowBits(Count, words);
    }

    public Enumerator GetEnumerator() => new(_words);

    private RowBits Combine(RowBits other, Func<Vector<ulong>, Vector<ulong>, Vector<ulong>> both)
    {
        var words = new ulong[_words.Length];
        var place = 0;
        for (; place + Vector<ulong>.Count <= words.Length; place += Vector<ulong>.Count)
        {
            both(new Vector<ulong>(_words, place), new Vector<ulong>(other._words, place)).CopyTo(words, place);
        }

        for (; place < words.Length; place++)
        {
            words[place] = both(new Vector<ulong>(_words[place]), new Vector<ulong>(other._words[place]))[0];
        }

        return new RowBits(Count, words);
    }

    private static int Words(int count) => (count + BitsOfWord - 1) / BitsOfWord;

    /// <summary>The entries in the set, in order.</summary>
    public struct Enumerator(ulong[] words)
    {
        private int _word = -1;
        private ulong _left;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            while (_left == 0)
            {
                if (++_word == words.Length)
                {
                    return false;
                }

                _left = words[_word];
            }

            Current = (_word * BitsOfWord) + BitOperations.TrailingZeroCount(_left);
            _left &= _left - 1;
            return true;
        }
    }

    // The first row that passes; all behind it do.
    private static int FirstWhere(int count, Func<int, bool> passes)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = passes(middle) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
