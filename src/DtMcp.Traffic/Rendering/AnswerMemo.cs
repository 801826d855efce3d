using System.Runtime.CompilerServices;
using DtMcp.Traffic.Asking;
using DtMcp.Traffic.Condensing;

namespace DtMcp.Traffic.Rendering;

/// <summary>The last text made of findings that are kept: many callers who ask the same get it without it being laid out again. Gone with the findings.</summary>
internal sealed class AnswerMemo
{
    private readonly ConditionalWeakTable<Findings, Entry> _last = [];

    /// <param name="findings">What the digest was made of.</param>
    /// <param name="digest">What to render.</param>
    /// <param name="question">How it was asked.</param>
    /// <param name="render">Renders it.</param>
    public Answer Of(Findings findings, Digest digest, Question question, Func<Digest, Question, Answer> render)
    {
        var form = new Form(question.Format, question.Detail, question.NoBudget, digest.Scope.CachedSeconds);
        if (_last.TryGetValue(findings, out var last) && last.Form == form
            && last.Digest.Scope.Filters.SequenceEqual(digest.Scope.Filters) && last.Digest.Notes.SequenceEqual(digest.Notes))
        {
            return last.Answer;
        }

        var answer = render(digest, question);
        _last.AddOrUpdate(findings, new Entry(form, digest, answer));
        return answer;
    }

    private sealed record Form(AnswerFormat Format, Detail Detail, bool NoBudget, long? CachedSeconds);

    private sealed record Entry(Form Form, Digest Digest, Answer Answer);
}
