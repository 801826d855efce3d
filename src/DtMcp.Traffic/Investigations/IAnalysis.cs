using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Counts;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// One analysis, one file. Over rows it is a consumer that takes chunks as they come and never keeps one.
/// Over the guide's tables it answers at once from one answer, or from the two halves of a device (internal and external).
/// </summary>
internal interface IAnalysis : IFlowConsumer
{
    /// <summary>After the last chunk.</summary>
    Findings Finish(FlowSet flows);

    /// <summary>From the guide's tables; says in a note what they cannot tell.</summary>
    Findings Finish(ConnectivityHalves answers);

    /// <summary>From a series of bytes over time, which only those get who ask for one.</summary>
    Findings Finish(Series series);

    /// <summary>The counts of the appliance that would answer; null where none do.</summary>
    CountsWanted? CountsWanted => null;

    /// <summary>From the appliance's counts, all that were wanted.</summary>
    Findings Finish(CountedEvidence counts) => throw new NotSupportedException("It asks for no counts.");
}
