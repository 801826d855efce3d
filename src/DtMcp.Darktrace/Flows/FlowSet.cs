using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Flows;

/// <summary>
/// Takes connections as they are read, a chunk at a time, in order. A chunk may be reused once the call returns unless the set keeps it.
/// </summary>
public interface IFlowConsumer
{
    /// <summary>
    /// Takes a chunk. Where rows are not kept this may be on another thread than the reading, one chunk at a time: endpoints and names are
    /// added meanwhile, those that the chunk holds do not change.
    /// </summary>
    void Consume(FlowSet flows, FlowChunk chunk);

    /// <summary>The set has more endpoints than it may hold: says what each weighs here, so that the heaviest stay.</summary>
    void Weigh(EndpointWeights weights);

    /// <summary>Turns every id of an endpoint held here into its new one, and lets go of what was held of those that go.</summary>
    void Remap(EndpointRemap remap);
}

/// <summary>
/// Connections of one capture: their endpoints, names and rows. Once there are more rows than <see cref="MaxKept"/> or more endpoints than
/// <see cref="MaxHosts"/>, none is kept: they are counted, shown to the <see cref="Consumer"/> and dropped, and of the endpoints the
/// heaviest stay.
/// </summary>
public sealed class FlowSet(long maxKept = long.MaxValue, IFlowConsumer? consumer = null, int maxHosts = int.MaxValue)
{
    private readonly List<FlowChunk> _chunks = [];
    private FlowChunk? _spare;
    private FlowChunk? _filling;
    private FlowHandover? _handover;
    private bool _expectsTooMany;
    private Sum _bytes;
    private Sum _packets;
    private long _read;
    private long _counted;

    public HostTable Hosts { get; } = new();

    public NameTable Protocols { get; } = new();

    public NameTable ApplicationProtocols { get; } = new();

    /// <summary>Values of its rows that were not usable as they came.</summary>
    public InvalidValues Invalid { get; } = new();

    /// <summary>Which columns any row filled.</summary>
    public FlowFields Seen { get; set; }

    /// <summary>
    /// Whether application protocols are Zeek's services (records), a vocabulary of its own beside the appliance's names.
    /// </summary>
    public bool HasServices { get; set; }

    public long MaxKept { get; } = maxKept;

    public int MaxHosts { get; } = maxHosts;

    public IFlowConsumer? Consumer { get; } = consumer;

    /// <summary>
    /// Whether the consumer sees rows on the thread that reads them, and so may look at all that is known of their endpoints.
    /// </summary>
    public bool ShowsWhileReading { get; init; }

    /// <summary>The window that was asked for; null when every row counts.</summary>
    public TimeWindow? Window { get; init; }

    /// <summary>Rows left out because they start outside the <see cref="Window"/>.</summary>
    public long Outside { get; internal set; }

    /// <summary>Bytes of all rows.</summary>
    public long Bytes => _bytes;

    /// <summary>Whether bytes or packets of all rows add up to more than a sum can hold.</summary>
    public bool IsFull => _bytes == Sum.Most || _packets == Sum.Most;

    /// <summary>Whether rows are kept so far; once they are not, they never are again.</summary>
    public bool KeepsRows { get; private set; } = true;

    /// <summary>
    /// Whether endpoints were evicted. Then one that is still there may miss up to <see cref="ErrorBound"/> of what it had before it was
    /// evicted.
    /// </summary>
    public bool HasEvicted => Hosts.Generation > 0;

    /// <summary>The most that any endpoint can miss in the consumer's sums: the heaviest evicted each time, added up.</summary>
    public (long Bytes, long Connections) ErrorBound { get; private set; }

    /// <summary>Rows read, kept or not, and those that were counted elsewhere.</summary>
    public long Count => _read + _counted;

    /// <summary>Rows kept in <see cref="Chunks"/>.</summary>
    public long Kept { get; private set; }

    /// <summary>Whether every row read is kept.</summary>
    public bool IsWhole => Kept == Count;

    public IReadOnlyList<FlowChunk> Chunks => _chunks;

    /// <summary>Bytes of memory: rows, endpoints and all names.</summary>
    public long Size => _chunks.Sum(chunk => chunk.Size) + Hosts.Size + Protocols.Size + ApplicationProtocols.Size;

    /// <summary>
    /// Says that about so many rows are to come. Where they are clearly more than are kept, none is from the first on: two million rows
    /// that are dropped in the end would take the memory of everything else together.
    /// </summary>
    internal void Expect(long rows) => _expectsTooMany |= rows - (rows / 16) > MaxKept;

    /// <summary>Adds rows that were counted where they are: they are in no chunk.</summary>
    public void AddCounted(long rows, long bytes, long packets)
    {
        _counted += rows;
        _bytes += bytes;
        _packets += packets;
    }

    /// <summary>An empty chunk to fill.</summary>
    public FlowChunk Rent()
    {
        var chunk = _spare ?? _handover?.Spare() ?? new FlowChunk();
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

        Take(chunk);
        MakeRoom();
    }

    /// <summary>Returns once the consumer has seen every row. To be called behind the last one.</summary>
    public void Settle()
    {
        Fill();
        _handover?.ShowAll();
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

        var (hosts, protocols, applications) = Adopt(other);
        foreach (var chunk in other._chunks)
        {
            Translate(chunk, 0, hosts, protocols, applications);
            Take(chunk);
        }

        other._chunks.Clear();
        MakeRoom();
        Settle();
    }

    /// <summary>
    /// Takes all rows of another whole set as copies, so that many small ones fill whole chunks, and the other can be used anew. Behind the
    /// last, <see cref="Settle"/> is due.
    /// </summary>
    internal void Copy(FlowSet other)
    {
        if (!other.IsWhole)
        {
            throw new InvalidOperationException("Only a set whose rows are all kept can be copied.");
        }

        var (hosts, protocols, applications) = Adopt(other);
        foreach (var chunk in other._chunks)
        {
            for (var from = 0; from < chunk.Count;)
            {
                _filling ??= Rent();
                var (to, rows) = (_filling.Count, Math.Min(chunk.Count - from, FlowChunk.Capacity - _filling.Count));
                _filling.Append(chunk, from, rows);
                Translate(_filling, to, hosts, protocols, applications);
                from += rows;
                if (_filling.Count == FlowChunk.Capacity)
                {
                    Fill();
                }
            }
        }

        if (Hosts.Count > MaxHosts)
        {
            // Ids are about to change.
            Fill();
            MakeRoom();
        }
    }

    /// <summary>Forgets everything, and keeps the memory of one chunk.</summary>
    internal void Clear()
    {
        _spare ??= _chunks.Count > 0 ? _chunks[0] : null;
        _chunks.Clear();
        Hosts.Clear();
        Protocols.Clear();
        ApplicationProtocols.Clear();
        Invalid.Clear();
        (_bytes, _packets, Seen, Outside, _read, _counted, Kept) = (default, default, FlowFields.None, 0, 0, 0, 0);
        (KeepsRows, _expectsTooMany) = (true, false);
    }

    private void Fill()
    {
        if (_filling is { } full)
        {
            _filling = null;
            Take(full);
        }
    }

    // So many endpoints before one is looked up, memory is asked for its slot: about as long as memory takes.
    private const int Ahead = 8;

    private (int[] Hosts, NameTable.NameMap Protocols, NameTable.NameMap Applications) Adopt(FlowSet other)
    {
        var hosts = new int[other.Hosts.Count];
        for (var id = 0; id < hosts.Length; id++)
        {
            if (id + Ahead < hosts.Length)
            {
                Hosts.Expect(other.Hosts.Address(id + Ahead));
            }

            hosts[id] = Hosts.Adopt(other.Hosts, id);
        }

        Hosts.AdoptBounds(other.Hosts);
        Outside += other.Outside;
        Seen |= other.Seen;
        Invalid.Adopt(other.Invalid);
        HasServices |= other.HasServices;
        return (hosts, Protocols.Adopt(other.Protocols), ApplicationProtocols.Adopt(other.ApplicationProtocols));
    }

    // The ids of another set, from a row on, as those of this one.
    private static void Translate(FlowChunk chunk, int from, int[] hosts, NameTable.NameMap protocols, NameTable.NameMap applications)
    {
        for (var i = from; i < chunk.Count; i++)
        {
            chunk.Source[i] = hosts[chunk.Source[i]];
            chunk.Destination[i] = hosts[chunk.Destination[i]];
            chunk.Protocol[i] = protocols[chunk.Protocol[i]];
            chunk.ApplicationProtocol[i] = applications[chunk.ApplicationProtocol[i]];
        }
    }

    /// <summary>Whether a row that starts then is outside the window; one whose start is not known is not.</summary>
    internal bool IsOutside(long start) =>
        Window is { } window && start != FlowChunk.UnknownStart && (start < window.StartMs || start > window.EndMs);

    private void Take(FlowChunk chunk)
    {
        _read += chunk.Count;
        _bytes = _bytes.Plus(chunk.Bytes.AsSpan(0, chunk.Count));
        _packets = _packets.Plus(chunk.Packets.AsSpan(0, chunk.Count));
        if (_handover is not null)
        {
            _handover.Show(chunk);
            return;
        }

        KeepsRows &= !_expectsTooMany && _read <= MaxKept && Hosts.Count <= MaxHosts;
        Consumer?.Consume(this, chunk);
        if (KeepsRows)
        {
            Kept += chunk.Count;
            _chunks.Add(chunk);
            return;
        }

        _chunks.Clear();
        Kept = 0;
        _spare = chunk;
        _handover = Consumer is null || ShowsWhileReading || Environment.ProcessorCount == 1 ? null : new FlowHandover(this, Consumer);
    }

    private void MakeRoom()
    {
        if (KeepsRows || Hosts.Count <= MaxHosts)
        {
            return;
        }

        Settle();
        var weights = new EndpointWeights(Hosts.Count);
        Consumer?.Weigh(weights);
        var remap = weights.Choose(Hosts, MaxHosts / 2);
        Consumer?.Remap(remap);
        Hosts.Remap(remap);
        ErrorBound = (ErrorBound.Bytes + weights.Cut.Bytes, ErrorBound.Connections + weights.Cut.Connections);
    }
}
