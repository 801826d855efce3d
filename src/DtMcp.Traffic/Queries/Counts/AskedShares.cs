namespace DtMcp.Traffic.Queries.Counts;

/// <summary>
/// How many rows of each table of an answer are asked about one by one, for their bytes: two small requests a row or more, so that all
/// tables together take no more than <see cref="Capabilities.MaxAskedRequests"/>. Tables in order of bytes come
/// first, since they need all of their groups for it, then the first table, which is what was asked for; the others share what is left, and
/// what one does not need goes to those that do.
/// </summary>
internal static class AskedShares
{
    /// <param name="needs">
    /// Rows that each table would ask about, what one costs, and whether it is of no use to ask about fewer.
    /// </param>
    public static IReadOnlyList<int> Of(IReadOnlyList<(int Rows, int Cost, bool NeedsAll)> needs)
    {
        var shares = new int[needs.Count];
        var left = Capabilities.MaxAskedRequests;
        for (var i = 0; i < needs.Count; i++)
        {
            if (needs[i].NeedsAll && needs[i].Rows * needs[i].Cost <= left)
            {
                Give(i, needs[i].Rows);
            }
        }

        if (needs.Count > 0 && shares[0] == 0)
        {
            Give(0, Math.Min(left / needs[0].Cost, needs[0].Rows));
        }

        // One row a table and turn.
        while (Enumerable.Range(0, needs.Count).Any(Wants))
        {
            for (var i = 0; i < needs.Count; i++)
            {
                if (Wants(i))
                {
                    Give(i, 1);
                }
            }
        }

        return shares;

        bool Wants(int i) => shares[i] < needs[i].Rows && needs[i].Cost <= left;

        void Give(int i, int rows)
        {
            shares[i] += rows;
            left -= rows * needs[i].Cost;
        }
    }
}
