using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;

namespace DtMcp.Traffic.Investigations;

/// <summary>Tables that several analyses share: by name and by port, over rows.</summary>
internal static class SimpleTables
{
    public static Table Names(string name, FlowSet flows, NameTable names, Tally tally, SortMeasure by, int limit, bool withUnknown,
        long? percentOf = null, bool packets = false)
    {
        var ranked = TopK.Top(tally, limit, by, TopK.Names(names), from: withUnknown ? 0 : 1);
        List<string> columns = ["name", "connections"];
        Add(columns, flows, percentOf, packets);
        var table = new TableBuilder(name, by == SortMeasure.Bytes ? "bytes" : "connections", [.. columns]);
        foreach (var key in ranked.Keys)
        {
            table.Add([Cell.Of(names[(ushort)key]), .. Measures(flows, tally[key], percentOf, packets)]);
        }

        return table.Build(ranked.Of);
    }

    /// <summary>Port 0 (ICMP) is in no port table.</summary>
    public static Table Ports(string name, FlowSet flows, Tally tally, SortMeasure by, int limit, long? percentOf = null)
    {
        var ranked = TopK.Top(tally, limit, by, TopK.Ports, from: 1);
        List<string> columns = ["port", "connections"];
        Add(columns, flows, percentOf, packets: false);
        var table = new TableBuilder(name, by == SortMeasure.Bytes ? "bytes" : "connections", [.. columns]);
        foreach (var port in ranked.Keys)
        {
            table.Add([Cell.Of((long)port), .. Measures(flows, tally[port], percentOf, packets: false)]);
        }

        return table.Build(ranked.Of);
    }

    private static void Add(List<string> columns, FlowSet flows, long? percentOf, bool packets)
    {
        if (FlowAnalysis.Knows(flows, FlowFields.Bytes))
        {
            columns.Add("bytes");
        }

        if (packets && FlowAnalysis.Knows(flows, FlowFields.Packets))
        {
            columns.Add("packets");
        }

        if (percentOf is not null)
        {
            columns.Add("percent");
        }
    }

    private static IEnumerable<Cell> Measures(FlowSet flows, Measure sum, long? percentOf, bool packets)
    {
        yield return Cell.Of(sum.Connections);
        if (FlowAnalysis.Knows(flows, FlowFields.Bytes))
        {
            yield return Cell.Of(sum.Bytes);
        }

        if (packets && FlowAnalysis.Knows(flows, FlowFields.Packets))
        {
            yield return Cell.Of(sum.Packets);
        }

        if (percentOf is { } whole)
        {
            yield return Percent.Of(sum.Connections, whole);
        }
    }
}
