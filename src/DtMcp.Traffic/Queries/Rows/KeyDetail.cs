using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries.Rows.Selecting;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>What is told of a group beside its sums, where a table asks for it.</summary>
internal struct KeyDetail
{
    public static readonly KeyDetail None;

    public Sum BytesIn;
    public Sum BytesOut;
    public long Failed;

    /// <summary>Start of the first and the last connection in milliseconds since 1970; 0 while none is known.</summary>
    public long First;
    public long Last;

    /// <summary>Adds what was counted elsewhere.</summary>
    public void Add(in HistorySums counted) => Add(new KeyDetail
    {
        BytesIn = (Sum)counted.BytesIn,
        BytesOut = (Sum)counted.BytesOut,
        Failed = counted.Failed,
        First = counted.First,
        Last = counted.Last,
    });

    /// <summary>Adds what another group has.</summary>
    public void Add(in KeyDetail other)
    {
        BytesIn += other.BytesIn.Value;
        BytesOut += other.BytesOut.Value;
        Failed += other.Failed;
        First = First == 0 ? other.First : other.First == 0 ? First : Math.Min(First, other.First);
        Last = Math.Max(Last, other.Last);
    }

    public void Add(FlowChunk chunk, int i)
    {
        Failed += (chunk.Traits[i] & FlowTraits.Failed) != 0 ? 1 : 0;
        if (chunk.Start(i) is var start && start != FlowChunk.UnknownStart)
        {
            First = First == 0 ? start : Math.Min(First, start);
            Last = Last == 0 ? start : Math.Max(Last, start);
        }
    }

    /// <summary>
    /// Bytes as the ends that the question is about saw them, together; nothing where the row does not tell the directions apart.
    /// </summary>
    public void AddDirections(FlowChunk chunk, int i, RowKey near)
    {
        if (near.First >= 0)
        {
            AddDirections(chunk, i, near.FirstIsSource);
        }

        if (near.Second >= 0)
        {
            AddDirections(chunk, i, asSource: false);
        }
    }

    /// <summary>
    /// Bytes in and out of a group: as the endpoint itself saw them where groups are ends that the question is about, or originators, or
    /// responders; as its counterpart among these where groups are their peers; else as all of these saw them.
    /// </summary>
    public void AddDirections(FlowChunk chunk, int i, Dimension by, bool asSource, RowFacts facts)
    {
        switch (by)
        {
            case Dimension.Device or Dimension.DeviceSubnet or Dimension.Source or Dimension.Destination:
                AddDirections(chunk, i, asSource);
                break;
            case Dimension.Peer or Dimension.Subnet:
                AddDirections(chunk, i, !asSource);
                break;
            default:
                AddDirections(chunk, i, facts.Near(chunk, i));
                break;
        }
    }

    /// <summary>Bytes as one end of the connection saw them.</summary>
    public void AddDirections(FlowChunk chunk, int i, bool asSource)
    {
        var sent = chunk.BytesOut[i];
        var received = chunk.Bytes[i] - sent;
        if (sent < 0 || received < 0)
        {
            return;
        }

        BytesIn += asSource ? received : sent;
        BytesOut += asSource ? sent : received;
    }
}
