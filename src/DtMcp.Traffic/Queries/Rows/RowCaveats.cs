using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>What a reader should know of figures over rows: bytes that sensors made up, what is not known, what is an estimate.</summary>
internal sealed class RowCaveats(Sides sides)
{
    private readonly ArtefactBook _artefacts = new();

    public void Take(FlowSet flows, FlowChunk chunk)
    {
        var traits = chunk.Traits;
        if (!HasArtefacts(traits.AsSpan(0, chunk.Count)))
        {
            return;
        }

        for (var i = 0; i < chunk.Count; i++)
        {
            if ((traits[i] & FlowTraits.SensorArtefact) != 0)
            {
                _artefacts.Add(flows, chunk, i, sides);
            }
        }
    }

    // Hardly any chunk has one: all traits together, a vector at a time.
    private static bool HasArtefacts(ReadOnlySpan<FlowTraits> traits)
    {
        var all = FlowTraits.None;
        var vectors = MemoryMarshal.Cast<FlowTraits, Vector<byte>>(traits);
        var seen = Vector<byte>.Zero;
        foreach (var vector in vectors)
        {
            seen |= vector;
        }

        foreach (var one in traits[(vectors.Length * Vector<byte>.Count)..])
        {
            all |= one;
        }

        return (seen & new Vector<byte>((byte)FlowTraits.SensorArtefact)) != Vector<byte>.Zero || (all & FlowTraits.SensorArtefact) != 0;
    }

    public void Remap(EndpointRemap remap) => _artefacts.Remap(remap);

    /// <param name="flows">The rows.</param>
    /// <param name="unknown">Why some of what was asked is not told.</param>
    /// <param name="pairs">What was gathered for lists and distinct counts.</param>
    public IReadOnlyList<string> Notes(FlowSet flows, IEnumerable<string> unknown, IReadOnlyList<RowPairs> pairs)
    {
        var maps = pairs.Select(one => one.Counts).OfType<CountMap>().ToList();
        var partners = pairs.Select(one => one.Partners).OfType<PartnerSet>().ToList();
        return
        [
            .. new[] { _artefacts.Note(flows.Hosts, "totals hold them") }.OfType<string>(),
            .. unknown.Distinct(),
            .. flows.Protocols.Overflowed || flows.ApplicationProtocols.Overflowed
                ? ["More different protocol names than are kept apart; those beyond are counted as (other)."]
                : Array.Empty<string>(),
            .. new[] { EvictionNote.Of(flows) }.OfType<string>(),
            .. maps.Any(map => map.Overflowed) ? [OfPairs(maps)] : Array.Empty<string>(),
            .. partners.Any(one => one.IsEstimate) ? [OfPartners(partners)] : Array.Empty<string>(),
        ];
    }

    private static string OfPairs(List<CountMap> maps)
    {
        var error = maps.Any(map => map.Sketches.Undercounts) ? "of light endpoints too low" : "standard error 1.6 %";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"More than {CountMap.MaxKeys} different pairs of endpoint and port or name: lists inside rows may miss rare values, and " +
            $"their numbers are estimates ({error}).");
    }

    private static string OfPartners(List<PartnerSet> partners)
    {
        var empty = partners.Any(one => one.Undercounts) ? ", and left empty where too many were let go to tell" : "";
        return $"Numbers of partners (destinations, targets) are estimates for the busiest endpoints (standard error 1.6 %){empty}.";
    }
}
