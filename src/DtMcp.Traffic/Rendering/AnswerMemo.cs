using System.Runtime.CompilerServices;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Rendering;

/// <summary>
/// The last text made of findings that are kept: many callers who ask the same get it without it being laid out again. Gone with the
/// findings.
/// </summary>
internal sealed class AnswerMemo
{
    private readonly ConditionalWeakTable<Findings, Entry> _last = [];

    /// <summary>The text made before, where it was made of the same and in the same form.</summary>
    public Answer? Find(Findings findings, Digest digest, Question question) =>
        _last.TryGetValue(findings, out var last) && last.Form == FormOf(digest, question)
        && last.Digest.Scope.Filters.SequenceEqual(digest.Scope.Filters) && last.Digest.Notes.SequenceEqual(digest.Notes)
            ? last.Answer
            : null;

    /// <param name="findings">What the digest was made of.</param>
    /// <param name="digest">What to render.</param>
    /// <param name="question">How it was asked.</param>
    /// <param name="render">Renders it.</param>
    public Answer Of(Findings findings, Digest digest, Question question, Func<Digest, Question, Answer> render)
    {
        if (Find(findings, digest, question) is { } known)
        {
            return known;
        }

        var answer = render(digest, question);
        _last.AddOrUpdate(findings, new Entry(FormOf(digest, question), digest, answer));
        return answer;
    }

    private static Form FormOf(Digest digest, Question question) =>
        new(question.Format, question.Detail, question.NoBudget, question.Tools, question.Seal, digest.Scope.CachedSeconds,
            digest.Scope.Zone);

    private sealed record Form(
        AnswerFormat Format, Detail Detail, bool NoBudget, OwnTools? Tools, ICursorSeal? Seal, long? CachedSeconds,
        TimeZoneInfo Zone);

    private sealed record Entry(Form Form, Digest Digest, Answer Answer);
}
