namespace DtMcp.Investigations;

/// <summary>What has to stand in an answer: a row, or the line of totals, with all the keys, and the figures beside them.</summary>
/// <param name="Keys">Cells that say which row it is; for the line of totals its names are keys.</param>
/// <param name="Figures">Cells that have to be in that row.</param>
internal sealed record Expected(IReadOnlyList<string> Keys, IReadOnlyList<string> Figures)
{
    /// <summary>Whether it is there; false where the row is there with other figures; null where it is not there.</summary>
    public bool? In(string text)
    {
        bool? found = null;
        foreach (var line in text.Split('\n'))
        {
            var cells = line.StartsWith("totals: ", StringComparison.Ordinal) || line.StartsWith("endpoint: ", StringComparison.Ordinal)
                ? line[(line.IndexOf(' ') + 1)..].Split(", ").ToHashSet()
                : line.Contains('|') ? line.Split('|').SelectMany(cell => (string[])[cell, .. cell.Split(' ')]).ToHashSet()
                : [];
            if (cells.Count > 0 && Keys.All(key => cells.Contains(key)))
            {
                if (Figures.All(cells.Contains))
                {
                    return true;
                }

                found = false;
            }
        }

        return found;
    }
}

/// <summary>An investigation with one answer that can be checked.</summary>
/// <param name="Kind">The kind of question.</param>
/// <param name="Ask">The question as a person puts it.</param>
/// <param name="Answer">What an answer has to hold.</param>
/// <param name="Playbook">The calls of an analyst who knows the tools, without a look at the ledger.</param>
internal sealed record Case(string Kind, string Ask, Expected Answer, IReadOnlyList<string> Playbook);
