namespace DtMcp.Drawing;

/// <summary>A picture of a part of an answer.</summary>
/// <param name="Name">The table, or <c>map</c>.</param>
/// <param name="Svg">The picture, whole.</param>
/// <param name="Figures">What it shows in words, each figure to the last digit.</param>
internal sealed record Picture(string Name, string Svg, IReadOnlyList<string> Figures)
{
    /// <summary>All pictures of an answer, what says most first: the course over time, the map of a device, then tables.</summary>
    /// <param name="sheet">The answer.</param>
    /// <param name="ask">What a row leads to; null where a picture only shows.</param>
    public static IReadOnlyList<Picture> Of(Sheet sheet, Asking? ask = null)
    {
        var drawn = sheet.Tables.ToLookup(Chart.IsCourse, table => Chart.Draw(table, ask));
        return [.. drawn[true].Append(MapChart.Draw(sheet, ask)).Concat(drawn[false]).OfType<Picture>()];
    }
}

/// <summary>The question that a row of a table leads to.</summary>
internal delegate NextQuestion? Asking(SheetTable table, int row);
