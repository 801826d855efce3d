using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// What every analysis over rows shares: the sums over all its connections, sides and directions, which columns are known, and the notes
/// that go with them.
/// </summary>
internal abstract class FlowAnalysis(AnalysisSettings settings) : IAnalysis
{
    private readonly ArtefactBook _artefacts = new();

    protected AnalysisSettings Settings { get; } = settings;

    protected Sides Sides { get; } = new(settings.Internal);

    public void Consume(FlowSet flows, FlowChunk chunk)
    {
        var traits = chunk.Traits;
        for (var i = 0; i < chunk.Count; i++)
        {
            if ((traits[i] & FlowTraits.SensorArtefact) != 0)
            {
                _artefacts.Add(flows, chunk, i, Sides);
            }
        }

        Count(flows, chunk);
    }

    public virtual void Weigh(EndpointWeights weights)
    {
        foreach (var tally in Endpoints)
        {
            tally.Weigh(weights);
        }
    }

    public virtual void Remap(EndpointRemap remap)
    {
        Sides.Forget();
        _artefacts.Remap(remap);
        foreach (var tally in Endpoints)
        {
            tally.Remap(remap);
        }

        foreach (var pairs in Pairs)
        {
            pairs.Remap(remap);
        }

        foreach (var partners in Partners)
        {
            partners.Remap(remap);
        }
    }

    public abstract Findings Finish(FlowSet flows);

    public abstract Findings Finish(ConnectivityHalves answers);

    /// <summary>All sums by endpoint.</summary>
    protected virtual IReadOnlyList<EndpointTally> Endpoints => [];

    /// <summary>All lists of an endpoint's ports and names.</summary>
    protected virtual IReadOnlyList<CountMap> Pairs => [];

    /// <summary>All numbers of an endpoint's partners.</summary>
    protected virtual IReadOnlyList<PartnerSet> Partners => [];

    protected abstract void Count(FlowSet flows, FlowChunk chunk);

    /// <summary>Whether a column is known. Of no connections at all everything is known: nothing.</summary>
    internal static bool Knows(FlowSet flows, FlowFields field) => flows.Count == 0 || (flows.Seen & field) == field;

    protected static SortMeasure By(FlowSet flows, SortMeasure wanted) =>
        wanted == SortMeasure.Bytes && !Knows(flows, FlowFields.Bytes) ? SortMeasure.Connections : wanted;

    protected static string Named(SortMeasure by) => by == SortMeasure.Bytes ? "bytes" : "connections";

    /// <summary>A sum of bytes, absent where the evidence has none.</summary>
    protected static Cell Bytes(FlowSet flows, long bytes) => Knows(flows, FlowFields.Bytes) ? Cell.Of(bytes) : Cell.Absent;

    protected static Cell Packets(FlowSet flows, long packets) => Knows(flows, FlowFields.Packets) ? Cell.Of(packets) : Cell.Absent;

    protected static Cell Did(FlowSet flows, int host) => HostCells.Did(flows.Hosts, host);

    /// <summary>The notes of rows: what the numbers hold that a reader should know.</summary>
    protected List<string> RowNotes(FlowSet flows)
    {
        List<string> notes = [];
        if (_artefacts.Note(flows.Hosts, "totals hold them") is { } artefacts)
        {
            notes.Add(artefacts);
        }

        if (flows.Count > 0 && !Knows(flows, FlowFields.Bytes))
        {
            notes.Add("The rows carry no byte counts; tables are by connections.");
        }

        if (flows.Protocols.Overflowed || flows.ApplicationProtocols.Overflowed)
        {
            notes.Add("More different protocol names than are kept apart; those beyond are counted as (other).");
        }

        if (EvictionNote.Of(flows) is { } letGo)
        {
            notes.Add(letGo);
        }

        if (Pairs.Any(pairs => pairs.Overflowed))
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"More than {CountMap.MaxKeys} different pairs of endpoint and port or name: lists inside rows may miss rare values, and " +
                $"their numbers are estimates " +
                $"({(Pairs.Any(pairs => pairs.Sketches.Undercounts) ? "of light endpoints too low" : "standard error 1.6 %")})."));
        }

        if (Partners.Any(partners => partners.IsEstimate))
        {
            notes.Add(
                $"Numbers of partners (destinations, targets) are estimates for the busiest endpoints (standard error 1.6 " +
                $"%){(Partners.Any(partners => partners.Undercounts) ? ", and left empty where too many were let go to tell" : "")}.");
        }

        return notes;
    }
}
