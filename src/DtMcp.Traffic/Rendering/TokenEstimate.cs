namespace DtMcp.Traffic.Rendering;

/// <summary>
/// At least as many tokens as the o200k tokenizer counts, without its vocabulary of 200,000 entries. Text is split as that tokenizer splits
/// it (letters with at most one mark before them, three digits, runs of marks); a piece costs what <see cref="TokenPieces"/> knows, else
/// the most it can: byte pair encoding never leaves two letters side by side as tokens of their own when the pair is a token, and no token
/// is shorter than a byte.
/// </summary>
internal static class TokenEstimate
{
    public static int Of(ReadOnlySpan<char> text)
    {
        var tokens = 0;
        var at = 0;
        while (at < text.Length)
        {
            var start = at;
            var next = text[at];
            if (char.IsAsciiDigit(next))
            {
                at = RunOf(text, at, char.IsAsciiDigit);
                tokens += (at - start + 2) / 3;
            }
            else if (char.IsAsciiLetter(next))
            {
                at = LettersEnd(text, at);
                tokens += Letters(text[start..at], 0);
            }
            else if (next < 0x80 && next is not ('\n' or '\r') && at + 1 < text.Length && char.IsAsciiLetter(text[at + 1]))
            {
                at = LettersEnd(text, at + 1);
                tokens += Letters(text[start..at], 1);
            }
            else if (next < 0x80)
            {
                at = MarksEnd(text, at);
                // A space before letters is theirs; other marks stay with the run they end.
                at -= at - start > 1 && text[at - 1] == ' ' ? 1 : 0;
                tokens += Math.Max(1, TokenPieces.Cost(text[start..at]) is var known and > 0 ? known : at - start);
            }
            else
            {
                at++;
                // Bytes of UTF-8: a pair of surrogates has four, half a one is written as U+FFFD.
                var isPair = char.IsHighSurrogate(next) && at < text.Length && char.IsLowSurrogate(text[at]);
                tokens += next < 0x800 ? 2 : isPair ? 4 : 3;
                at += isPair ? 1 : 0;
            }
        }

        return tokens;
    }

    // Line ends close a run.
    private static int MarksEnd(ReadOnlySpan<char> text, int at)
    {
        for (at++; at < text.Length && IsMark(text[at]) && (text[at - 1] is not ('\n' or '\r') || text[at] is '\n' or '\r'); at++)
        {
        }

        return at;
    }

    private static bool IsMark(char value) => value < 0x80 && !char.IsAsciiLetterOrDigit(value);

    private static int RunOf(ReadOnlySpan<char> text, int at, Func<char, bool> isOne)
    {
        while (at < text.Length && isOne(text[at]))
        {
            at++;
        }

        return at;
    }

    // Capitals, then small letters; the next capital begins another piece.
    private static int LettersEnd(ReadOnlySpan<char> text, int at) =>
        RunOf(text, RunOf(text, at, char.IsAsciiLetterUpper), char.IsAsciiLetterLower);

    private static int Letters(ReadOnlySpan<char> piece, int marks)
    {
        if (TokenPieces.Cost(piece) is var known and > 0)
        {
            return known;
        }

        if (TokenPieces.IsWord(piece[marks..]))
        {
            return marks == 1 && piece[0] != ' ' ? 2 : 1;
        }

        // Most tokens that end in one letter alone, and in two or more, up to each letter.
        var (single, pair, beforeSingle, beforePair) = (1, 0, 0, 0);
        for (var i = 1; i < piece.Length; i++)
        {
            var newSingle = 1 + (MayStandApart(piece.Slice(i - 1, 2)) ? Math.Max(single, pair) : pair);
            var newPair = 1 + Math.Max(beforeSingle, beforePair);
            (beforeSingle, beforePair) = (single, pair);
            (single, pair) = (newSingle, newPair);
        }

        return Math.Max(single, pair);
    }

    private static bool MayStandApart(ReadOnlySpan<char> pair) =>
        pair[0] != ' ' && (!char.IsAsciiLetter(pair[0]) || char.IsAsciiLetterUpper(pair[0]) != char.IsAsciiLetterUpper(pair[1])
            || TokenPieces.AreApart(pair));
}
