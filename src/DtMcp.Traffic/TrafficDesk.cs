using DtMcp.Traffic.Asking;

namespace DtMcp.Traffic;

/// <summary>The flow in one readable place: ask, condense, render.</summary>
public sealed class TrafficDesk(DeskOptions options)
{
    public DeskOptions Options { get; } = options;

    /// <summary>Answers a question, or throws an <see cref="DtMcp.Darktrace.Errors.ApplianceException"/> that says what to do.</summary>
    public async Task<Answer> AskAsync(Question question, IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        progress?.Report(new AskProgress(0, null, 0, 0, question.Tool));
        return new Answer(Options.Appliance, null);
    }
}
