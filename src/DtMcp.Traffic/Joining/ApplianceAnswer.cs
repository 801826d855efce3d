using DtMcp.Darktrace.Errors;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Joining;

/// <summary>What one of several appliances answered, or why it did not.</summary>
/// <param name="Appliance">Its name.</param>
/// <param name="Digest">What was found; null where it failed.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
/// <param name="Internal">What is inside there.</param>
internal sealed record ApplianceAnswer(string Appliance, Digest? Digest, ApplianceException? Failure, InternalRanges Internal)
{
    /// <summary>The tools that whoever asks has there; null for all.</summary>
    public OwnTools? Tools { get; init; }
}
