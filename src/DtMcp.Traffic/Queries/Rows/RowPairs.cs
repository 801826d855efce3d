using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Queries.Rows.Selecting;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>
/// What is gathered of each group for a list or a distinct count: how often each value of another dimension came with it. Shared by the
/// columns that need the same.
/// </summary>
internal sealed class RowPairs
{
    private readonly RowKeys _keys;
    private readonly RowKeys _values;

    public RowPairs(Dimension by, Measure measure, RowSelection selection, RowFacts facts)
    {
        (By, Measure, Selection) = (by, measure, selection);
        (_keys, _values) = (new RowKeys(by, facts), new RowKeys(measure.Of, facts));
        (Counts, Partners) = measure.Of.IsEndpoint() && measure.Kind == MeasureKind.Distinct
            ? (null, new PartnerSet())
            : (new CountMap(), (PartnerSet?)null);
    }

    public Dimension By { get; }

    public Measure Measure { get; }

    public RowSelection Selection { get; }

    /// <summary>Numbers of the values.</summary>
    public RowKeys Values => _values;

    /// <summary>Numbers of the groups.</summary>
    public RowKeys Keys => _keys;

    /// <summary>Values with their counts; null where only their number is wanted.</summary>
    public CountMap? Counts { get; }

    /// <summary>Endpoints to be numbered; null where values are counted.</summary>
    public PartnerSet? Partners { get; }

    public void Take(FlowSet flows, FlowChunk chunk)
    {
        if (Counts is not null && (By is Dimension.Source or Dimension.Destination)
            && ColumnSums.ShortColumn(chunk, Measure.Of) is { } values)
        {
            Count(Counts, By == Dimension.Source ? chunk.Source : chunk.Destination, values);
        }
        else
        {
            TakeAny(flows, chunk);
        }
    }

    // Both are columns of the chunk, as in nearly all lists of ports and names.
    private void Count(CountMap counts, int[] keys, ushort[] values)
    {
        for (var k = 0; k < Selection.Count; k++)
        {
            var i = Selection.IsAll ? k : Selection.Rows[k];
            if (values[i] is not 0 and var value)
            {
                counts.Add(keys[i], value);
            }
        }
    }

    private void TakeAny(FlowSet flows, FlowChunk chunk)
    {
        for (var k = 0; k < Selection.Count; k++)
        {
            var i = Selection.IsAll ? k : Selection.Rows[k];
            var value = _values.Of(flows, chunk, i).First;
            if (IsUnknown(value))
            {
                continue;
            }

            var key = _keys.Of(flows, chunk, i);
            Add(flows.Hosts, key.First, value);
            Add(flows.Hosts, key.Second, value);
        }
    }

    public void Remap(EndpointRemap remap)
    {
        if (By.IsEndpoint())
        {
            Counts?.Remap(remap);
            Partners?.Remap(remap);
        }
    }

    /// <summary>Adds what was counted elsewhere.</summary>
    public void Add(HostTable hosts, int key, int value, long times)
    {
        if (IsUnknown(value))
        {
            return;
        }

        if (Partners is not null)
        {
            Partners.Add(key, value, hosts);
        }
        else
        {
            Counts!.Add(key, value, times);
        }
    }

    private void Add(HostTable hosts, int key, int value)
    {
        if (key < 0)
        {
            return;
        }

        if (Partners is not null)
        {
            Partners.Add(key, value, hosts);
        }
        else
        {
            Counts!.Add(key, value);
        }
    }

    // Port 0 is none (ICMP), and so is the name of number 0.
    private bool IsUnknown(int value) =>
        value < 0 || (value == 0 && (Measure.Of.IsPort() || Measure.Of is Dimension.Protocol or Dimension.ApplicationProtocol));
}
