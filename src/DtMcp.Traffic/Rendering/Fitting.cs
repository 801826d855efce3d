using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Rendering;

/// <summary>
/// Finds the most of a digest that keeps within a budget: rows go from the tail of the longest table; only where what stands around the
/// rows is itself too long (hostile names, a flood of notes) are texts capped shorter and then lists halved.
/// </summary>
internal static class Fitting
{
    /// <summary>Most characters of a text from the network; a DNS name has at most 253 (RFC 1035 2.3.4), most have under 64.</summary>
    public const int TextCap = 96;

    // The estimate is within 3 % of the tokenizer: so much of a budget is left alone.
    private const int OneInSpare = 33;

    // Enough to see what it is about.
    private const int KeptRows = 3;

    public static Shape Fit(Digest digest, IDigestForm form, int budget) =>
        FitInto(digest, form, budget, budget - ((budget + OneInSpare - 1) / OneInSpare));

    private static Shape FitInto(Digest digest, IDigestForm form, int told, int budget)
    {
        var frame = Frame(digest, form, told, budget, out var frameCost);
        var shown = new int[digest.Tables.Count];
        var costs = new int[digest.Tables.Count][];
        long total = frameCost;
        for (var i = 0; i < costs.Length; i++)
        {
            costs[i] = RowCosts(digest.Tables[i], form, frame, budget);
            shown[i] = costs[i].Length;
            total += costs[i].Sum(cost => (long)cost);
        }

        // A table that gets rows also gets a head, which the frame has not; the check of the whole text is what counts, the sums only come
        // near it.
        Drop(digest.Tables, costs, shown, ref total, budget);
        while (true)
        {
            var shape = (frame with { Rows = [.. shown] }).WithCutNote(digest, told);
            var over = TokenEstimate.Of(form.Write(digest, shape)) - budget;
            if (over <= 0 || shown.All(rows => rows == 0))
            {
                return shape;
            }

            total = budget + over;
            Drop(digest.Tables, costs, shown, ref total, budget);
        }
    }

    /// <summary>Everything but the rows, in at most three quarters of the budget.</summary>
    private static Shape Frame(Digest digest, IDigestForm form, int told, int budget, out int cost)
    {
        var limit = digest.Tables.Any(table => table.Rows.Count > 0) ? budget * 3 / 4 : budget;
        var shape = Shape.Whole(digest, TextCap, Table.MaxListed) with { Rows = new int[digest.Tables.Count] };
        for (cost = Cost(shape); cost > limit && Smaller(shape) is { } smaller; cost = Cost(shape))
        {
            shape = smaller;
        }

        return shape;

        int Cost(Shape shape) => TokenEstimate.Of(form.Write(digest, shape.WithCutNote(digest, told)));
    }

    /// <summary>The least needed part made smaller; null when nothing is left to leave out.</summary>
    private static Shape? Smaller(Shape shape) =>
        shape.TextCap > 48 ? shape with { TextCap = 48 }
        : shape.Next > 2 ? shape with { Next = 2 }
        : shape.Filters > 8 ? shape with { Filters = 8 }
        : shape.Device > 12 ? shape with { Device = 12 }
        : shape.Totals > 12 ? shape with { Totals = 12 }
        : shape.Notes > 3 ? shape with { Notes = shape.Notes / 2 }
        : shape.Next > 1 ? shape with { Next = 1 }
        : shape.Notes > 1 ? shape with { Notes = 1 }
        : shape.TextCap > 24 ? shape with { TextCap = 24 }
        : shape.Next > 0 ? shape with { Next = 0 }
        : shape.Device > 1 ? shape with { Device = shape.Device / 2 }
        : shape.Filters > 1 ? shape with { Filters = shape.Filters / 2 }
        : shape.Totals > 1 ? shape with { Totals = shape.Totals / 2 }
        : shape.Notes > 0 ? shape with { Notes = 0 }
        : null;

    private static int[] RowCosts(Table table, IDigestForm form, Shape shape, int budget)
    {
        // No row costs less than two tokens: more rows than half the budget never fit.
        var costs = new int[Math.Min(table.Rows.Count, (budget / 2) + 1)];
        for (var i = 0; i < costs.Length; i++)
        {
            costs[i] = TokenEstimate.Of(form.Row(table, i, shape));
        }

        return costs;
    }

    // From the longest table; the first one and verdicts keep some rows as long as others have any.
    private static void Drop(IReadOnlyList<Table> tables, int[][] costs, int[] shown, ref long total, int budget)
    {
        while (total > budget)
        {
            var longest = Longest(kept: KeptRows);
            longest = longest < 0 ? Longest(kept: 0) : longest;
            if (longest < 0)
            {
                return;
            }

            total -= costs[longest][--shown[longest]];
        }

        int Longest(int kept)
        {
            var longest = -1;
            for (var i = 0; i < shown.Length; i++)
            {
                var least = i == 0 || tables[i].IsVerdict ? kept : 0;
                longest = shown[i] > least && (longest < 0 || shown[i] >= shown[longest]) ? i : longest;
            }

            return longest;
        }
    }
}
