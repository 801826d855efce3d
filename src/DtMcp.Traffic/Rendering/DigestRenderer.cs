using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Rendering;

/// <summary>
/// A digest as text. Within the budget of its detail level (o200k tokens: brief 600, normal 2,000, full 8,000) for any digest: rows are
/// dropped from the tail of the longest table, and a note says so. Text from the network comes out inert (<see cref="SafeText"/>).
/// </summary>
public static class DigestRenderer
{
    /// <summary>Most characters of one text where there is no budget; nothing that names a device is longer.</summary>
    private const int WholeText = 4096;

    /// <param name="digest">What was found.</param>
    /// <param name="format">Markdown (for a reader), CSV (a section a table) or JSON.</param>
    /// <param name="detail">The budget.</param>
    /// <param name="noBudget">Lifts the budget and the cap of row lists.</param>
    public static string Render(Digest digest, AnswerFormat format, Detail detail, bool noBudget) =>
        Render(digest, format, detail, noBudget, out _);

    /// <param name="digest">What was found.</param>
    /// <param name="format">Markdown, CSV or JSON.</param>
    /// <param name="detail">The budget.</param>
    /// <param name="noBudget">Lifts the budget and the cap of row lists.</param>
    /// <param name="isCut">Whether the budget left something out.</param>
    internal static string Render(Digest digest, AnswerFormat format, Detail detail, bool noBudget, out bool isCut)
    {
        ArgumentNullException.ThrowIfNull(digest);
        IDigestForm form = format switch
        {
            AnswerFormat.Json => new JsonForm(),
            AnswerFormat.Csv => new CsvForm(),
            _ => new MarkdownForm(),
        };
        var shape = noBudget ? Shape.Whole(digest, WholeText, int.MaxValue) : Fitting.Fit(digest, form, PageRows.Budget(detail));
        isCut = shape.CutNote is not null;
        return form.Write(digest, shape);
    }
}
