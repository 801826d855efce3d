using DtMcp.Darktrace.Errors;
using DtMcp.Traffic.Joining;
using DtMcp.Traffic.Observing;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic;

/// <summary>
/// Asks several appliances the same, side by side, and puts what they found together (<see cref="JoinedDigest"/>). One that fails costs
/// its own part only, and the answer says so.
/// </summary>
public static class JointInvestigator
{
    /// <param name="asked">Whom to ask what: the same question, of a form that each may have.</param>
    /// <param name="progress">Told of all together.</param>
    /// <param name="cancellationToken">Cancels all.</param>
    /// <exception cref="ApplianceException">None of them answered: what the first said.</exception>
    public static async Task<Answer> AskAsync(
        IReadOnlyList<(Investigator Investigator, Question Question)> asked, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var question = asked[0].Question;
        Refuse(question);
        var together = progress is null ? null : new JointProgress(progress, asked.Count);
        var answers = await Task.WhenAll(asked.Select((one, at) => OneAsync(
            one.Investigator, one.Question with { IsJoined = true }, together?.Of(at), cancellationToken))).ConfigureAwait(false);
        if (Array.TrueForAll(answers, answer => answer.Digest is null))
        {
            throw answers[0].Failure!;
        }

        var digest = JoinedDigest.Of(question, answers);
        using var pass = await asked[0].Investigator.Gate.EnterAsync(WorkEstimate.OfRendering(digest), cancellationToken)
            .ConfigureAwait(false);
        var answer = Investigator.Render(digest, question with { Tools = null });
        TrafficInstruments.Answered(question.Investigation.Name, answer.IsCut);
        return answer;
    }

    private static async Task<ApplianceAnswer> OneAsync(
        Investigator investigator, Question question, IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            var digest = await investigator.FindAsync(question, progress, cancellationToken).ConfigureAwait(false);
            return new ApplianceAnswer(investigator.Options.Appliance, digest, null, investigator.Options.Internal);
        }
        catch (ApplianceException failure)
        {
            return new ApplianceAnswer(investigator.Options.Appliance, null, failure, investigator.Options.Internal)
            {
                Tools = question.Tools,
            };
        }
    }

    // Numbers that an appliance gave mean something else on the next.
    private static void Refuse(Question question)
    {
        var own = question.Filters.Did is not null ? "did" : question.Filters.ViewSubnet is not null ? "viewsubnet"
            : question.Cursor is not null ? "cursor" : null;
        if (own is not null)
        {
            throw new ApplianceException(
                ApplianceError.InvalidArgument, $"{own} is of one appliance, and several are asked.",
                own == "cursor" ? "Name the one whose rows go on." : "Name the one, or say it by hostname, ip or subnet.");
        }
    }
}
