using DtMcp.Darktrace.Reading;
using DtMcp.Traffic.Rendering;

namespace DtMcp.Traffic.Condensing;

/// <summary>
/// What every analysis over rows shares: the sums over all its connections, sides and directions, which columns are known, and the notes that go with them.
/// </summary>
internal abstract class FlowAnalysis(AnalysisSettings settings) : IAnalysis
{
    private long _artefacts;
    private long _artefactBytes;

    protected AnalysisSettings Settings { get; } = settings;

    protected Sides Sides { get; } = new(settings.Internal);

    public void Consume(FlowSet flows, FlowChunk chunk)
    {
        var traits = chunk.Traits;
        for (var i = 0; i < chunk.Count; i++)
        {
            if ((traits[i] & FlowTraits.SensorArtefact) != 0)
            {
                _artefacts++;
                _artefactBytes += chunk.Bytes[i];
            }
        }

        Count(flows, chunk);
    }

    public abstract Findings Finish(FlowSet flows);

    public abstract Findings Finish(ConnectivityHalves answers);

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
    protected List<string> RowNotes(FlowSet flows, params CountMap[] maps)
    {
        List<string> notes = [];
        if (_artefacts > 0)
        {
            notes.Add($"{_artefacts} connections report {_artefactBytes} bytes that a sensor made up (over 65535 payload bytes a packet: a sequence-number artefact); totals hold them.");
        }

        if (flows.Count > 0 && !Knows(flows, FlowFields.Bytes))
        {
            notes.Add("The rows carry no byte counts; tables are by connections.");
        }

        if (flows.Protocols.Overflowed || flows.ApplicationProtocols.Overflowed)
        {
            notes.Add("More than 65534 different protocol names; those beyond are counted as (other).");
        }

        if (Array.Exists(maps, map => map.Overflowed))
        {
            notes.Add($"More than {CountMap.MaxKeys} different pairs; lists inside rows may miss rare values.");
        }

        return notes;
    }
}
