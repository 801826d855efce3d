using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Lookups;

/// <summary>What Darktrace itself holds of a window: model breaches, and the incidents that AI Analyst made of them.</summary>
public sealed record AlertReview : Investigation
{
    public override string Name => "list_alerts";
}
