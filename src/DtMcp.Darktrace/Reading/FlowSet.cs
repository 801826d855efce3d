namespace DtMcp.Darktrace.Reading;

/// <summary>Takes connections as they are read, a chunk at a time, in order. A chunk may be reused once the call returns unless the set keeps it.</summary>
public interface IFlowConsumer
{
    void Consume(FlowSet flows, FlowChunk chunk);
}

/// <summary>
/// Connections of one capture: their endpoints, names and rows. At most <see cref="MaxKept"/> rows are kept; those beyond are counted, shown to the
/// <see cref="Consumer"/> and dropped.
/// </summary>
public sealed class FlowSet(long maxKept = long.MaxValue, IFlowConsumer? consumer = null)
{
    private readonly List<FlowChunk> _chunks = [];
    private FlowChunk? _spare;

    public HostTable Hosts { get; } = new();

    public NameTable Protocols { get; } = new();

    public NameTable ApplicationProtocols { get; } = new();

    /// <summary>Which columns any row filled.</summary>
    public FlowFields Seen { get; set; }

    public long MaxKept { get; } = maxKept;

    public IFlowConsumer? Consumer { get; } = consumer;

    /// <summary>Rows read, kept or not.</summary>
    public long Count { get; private set; }

    /// <summary>Rows kept in <see cref="Chunks"/>.</summary>
    public long Kept { get; private set; }

    /// <summary>Whether every row read is kept.</summary>
    public bool IsWhole => Kept == Count;

    public IReadOnlyList<FlowChunk> Chunks => _chunks;

    /// <summary>An empty chunk to fill.</summary>
    public FlowChunk Rent()
    {
        var chunk = _spare ?? new FlowChunk();
        _spare = null;
        chunk.Count = 0;
        return chunk;
    }

    /// <summary>Takes a filled chunk of whole rows. The caller does not touch it again.</summary>
    public void Accept(FlowChunk chunk)
    {
        if (chunk.Count == 0)
        {
            _spare = chunk;
            return;
        }

        Count += chunk.Count;
        Consumer?.Consume(this, chunk);
        if (Count <= MaxKept)
        {
            Kept += chunk.Count;
            _chunks.Add(chunk);
        }
        else
        {
            _spare = chunk;
        }
    }

    /// <summary>Lets go of the rows kept so far, and keeps none from now on; counts and ids stay.</summary>
    public void DropKept()
    {
        _chunks.Clear();
        Kept = 0;
    }

    /// <summary>
    /// Takes all rows of another whole set (a slice, the other half of a device), translating its ids. The other set is used up.
    /// </summary>
    public void Absorb(FlowSet other)
    {
        if (!other.IsWhole)
        {
            throw new InvalidOperationException("Only a set whose rows are all kept can be absorbed.");
        }

        var hosts = new int[other.Hosts.Count];
        for (var id = 0; id < hosts.Length; id++)
        {
            hosts[id] = Hosts.Adopt(other.Hosts, id);
        }

        var protocols = Protocols.Adopt(other.Protocols);
        var applications = ApplicationProtocols.Adopt(other.ApplicationProtocols);
        Seen |= other.Seen;
        foreach (var chunk in other._chunks)
        {
            for (var i = 0; i < chunk.Count; i++)
            {
                chunk.Source[i] = hosts[chunk.Source[i]];
                chunk.Destination[i] = hosts[chunk.Destination[i]];
                chunk.Protocol[i] = protocols[chunk.Protocol[i]];
                chunk.ApplicationProtocol[i] = applications[chunk.ApplicationProtocol[i]];
            }

            Accept(chunk);
        }

        other._chunks.Clear();
    }
}
