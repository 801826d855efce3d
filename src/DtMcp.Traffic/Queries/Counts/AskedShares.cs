namespace DtMcp.Traffic.Queries.Counts;

/// <summary>
/// How many rows of each table of an answer are asked about one by one, for their bytes: two small requests a row, so that all tables
/// together take no more than <see cref="Capabilities.MaxAsked"/> rows. Tables in order of bytes come first, since they need all of their
/// groups for it, then the first table, which is what was asked for; the others share what is left, and what one does not need goes to
/// those that do.
/// </summary>
internal static class AskedShares
{
    /// <param name="needs">Rows that each table would ask about, and whether it is of no use to ask about fewer.</param>
    public static IReadOnlyList<int> Of(IReadOnlyList<(int Rows, bool NeedsAll)> needs)
    {
        var shares = new int[needs.Count];
        var left = Capabilities.MaxAsked;
        for (var i = 0; i < needs.Count; i++)
        {
            if (needs[i].NeedsAll && needs[i].Rows <= left)
            {
                left -= shares[i] = needs[i].Rows;
            }
        }

        if (needs.Count > 0 && shares[0] == 0)
        {
            left -= shares[0] = Math.Min(left, needs[0].Rows);
        }

        // One row a table and turn.
        while (left > 0 && Enumerable.Range(0, needs.Count).Any(Wants))
        {
            for (var i = 0; i < needs.Count && left > 0; i++)
            {
                if (Wants(i))
                {
                    shares[i]++;
                    left--;
                }
            }
        }

        return shares;

        bool Wants(int i) => shares[i] < needs[i].Rows;
    }
}
