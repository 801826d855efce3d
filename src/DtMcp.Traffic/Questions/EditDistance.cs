namespace DtMcp.Traffic.Questions;

/// <summary>How many letters to insert, delete, replace or swap with their neighbour turn one name into another.</summary>
internal static class EditDistance
{
    /// <summary>Letters compared; names are told apart long before.</summary>
    public const int MaxLetters = 64;

    /// <summary>The optimal string alignment distance, letter case and all.</summary>
    public static int Of(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = left[..Math.Min(MaxLetters, left.Length)];
        right = right[..Math.Min(MaxLetters, right.Length)];
        Span<int> beforeLast = stackalloc int[MaxLetters + 1];
        Span<int> last = stackalloc int[MaxLetters + 1];
        Span<int> row = stackalloc int[MaxLetters + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            var free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var edits = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
                row[j] = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]
                    ? Math.Min(edits, beforeLast[j - 2] + 1)
                    : edits;
            }
        }

        return row[right.Length];
    }
}
