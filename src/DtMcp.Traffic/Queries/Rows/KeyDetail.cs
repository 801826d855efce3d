using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

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
