using DtMcp.Darktrace;
using DtMcp.Traffic.Asking;

namespace DtMcp.Traffic;

/// <summary>The flow in one readable place: ask, condense, render.</summary>
public sealed class TrafficDesk(DeskOptions options, DarktraceClient client, TimeProvider timeProvider)
{
    public DeskOptions Options { get; } = options;

    /// <summary>Answers a question, or throws an <see cref="DtMcp.Darktrace.Errors.ApplianceException"/> that says what to do.</summary>
    public async Task<Answer> AskAsync(Question question, IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        progress?.Report(new AskProgress(0, null, 0, 0, question.Tool));
        await client.GetSubnetsAsync(null, cancellationToken).ConfigureAwait(false);
        var text = $"{Options.Appliance}: {question.Tool} at {timeProvider.GetUtcNow():yyyy-MM-dd HH:mm:ss}";
        return new Answer(text, question.Format == AnswerFormat.Json ? $$"""{"tool":"{{question.Tool}}"}""" : null);
    }
}
