using DtMcp.Darktrace.Reading.Network;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Investigations;

/// <summary>An analysis that a series of bytes over time answers too.</summary>
public interface ISeriesAnalysis
{
    Findings Finish(Series series);
}
