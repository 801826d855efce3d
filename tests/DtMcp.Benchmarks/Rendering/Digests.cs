using DtMcp.Benchmarks.Analysis;
using DtMcp.Benchmarks.Reading;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;

namespace DtMcp.Benchmarks.Rendering;

/// <summary>A digest as a tool's answer would be.</summary>
internal static class Digests
{
    public static Digest Of(string tool, FlowSet flows)
    {
        var found = AnalysisTable.Analyse(tool, flows);
        return new Digest
        {
            Tool = tool,
            Scope = new Scope
            {
                Appliance = "appliance.test",
                Window = new TimeWindow(FlowsFile.FirstMs, FlowsFile.LastMs),
                Evidence = "flows",
                ConnectionsRead = flows.Count,
            },
            Device = found.Device,
            Totals = found.Totals,
            Tables = found.Tables,
            Notes = found.Notes,
            Next = found.Next,
        };
    }
}
