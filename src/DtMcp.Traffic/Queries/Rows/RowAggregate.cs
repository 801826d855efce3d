using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries.Rows.Selecting;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>
/// Groups by any one or two dimensions, with every measure of each: for questions that no fixed table has. Slower than
/// <see cref="RowGroups"/>, and as bounded.
/// </summary>
internal sealed class RowAggregate
{
    private readonly RowFacts _facts;
    private readonly RowKeys _first;
    private readonly RowKeys? _second;
    private PartnerSet? _peers;
    private readonly bool _withDetail;
    private KeyDetail[] _detail = new KeyDetail[64];

    public RowAggregate(TableQuery table, RowSelection selection, RowFacts facts)
    {
        (Table, Selection, _facts) = (table, selection, facts);
        _first = new RowKeys(table.By, facts);
        _second = table.Then is { } then ? new RowKeys(then, facts) : null;
        var measures = table.Columns.Select(column => column.Measure).OfType<Measure>().ToList();
        _peers = measures.Any(measure => measure.Kind == MeasureKind.Distinct) ? new PartnerSet() : null;
        _withDetail = measures.Any(measure => measure.Kind is MeasureKind.BytesIn or MeasureKind.BytesOut or MeasureKind.Failed
            or MeasureKind.First or MeasureKind.Last);
    }

    public TableQuery Table { get; }

    public RowSelection Selection { get; }

    public GroupPairs Pairs { get; } = new();

    public Tally Sums { get; } = Tally.OfNames();

    public RowKeys First => _first;

    public RowKeys? Second => _second;

    public PartnerSet? Peers => _peers;

    /// <summary>Connections that have no key (no country, no start): they are in no group.</summary>
    public long Keyless { get; private set; }

    /// <summary>Whether bytes by direction, failures, first and last are told.</summary>
    public bool HasDetail => _withDetail;

    public ref readonly KeyDetail Detail(int number) => ref number < _detail.Length ? ref _detail[number] : ref KeyDetail.None;

    public void Take(FlowSet flows, FlowChunk chunk)
    {
        for (var k = 0; k < Selection.Count; k++)
        {
            var i = Selection.IsAll ? k : Selection.Rows[k];
            var first = _first.Of(flows, chunk, i);
            var second = _second?.Of(flows, chunk, i) ?? new RowKey(0);
            var isTwice = first.Second >= 0 || second.Second >= 0;
            if (!Add(flows, chunk, i, first.First, second.First, first.FirstIsSource, second.FirstIsSource))
            {
                Keyless++;
            }

            if (isTwice)
            {
                Add(flows, chunk, i, first.Second >= 0 ? first.Second : first.First, second.Second >= 0 ? second.Second : second.First,
                    first.Second >= 0 ? !first.FirstIsSource : first.FirstIsSource,
                    second.Second >= 0 ? !second.FirstIsSource : second.FirstIsSource);
            }
        }
    }

    /// <summary>Adds a group that was counted elsewhere; false where it has no key.</summary>
    public bool Add(int first, int second, in HistorySums counted)
    {
        if (!IsKey(first, second))
        {
            return false;
        }

        var number = Pairs.Of(first, second);
        ref var sum = ref Sums[number];
        sum.Connections += counted.Connections;
        sum.Bytes += counted.Bytes;
        sum.Packets += counted.Packets;
        if (_withDetail)
        {
            DetailOf(number).Add(counted);
        }

        return true;
    }

    /// <summary>Adds connections without a key that were counted elsewhere.</summary>
    public void AddKeyless(long connections) => Keyless += connections;

    /// <summary>Adds a peer of a group that was counted elsewhere.</summary>
    public void AddPeer(int first, int second, int peer, HostTable hosts)
    {
        if (IsKey(first, second) && Pairs.Of(first, second) is var number and not GroupPairs.Others)
        {
            _peers?.Add(number, peer, hosts);
        }
    }

    public void Weigh(EndpointWeights weights)
    {
        for (var number = 1; number < Pairs.Length; number++)
        {
            var (first, second) = Pairs[number];
            var sum = Sums[number];
            if (HasEndpoints(Table.By) && first >= 0)
            {
                weights.Add(first, sum.Bytes, sum.Connections);
            }

            if (HasEndpoints(Table.Then) && second >= 0)
            {
                weights.Add(second, sum.Bytes, sum.Connections);
            }
        }
    }

    public void Remap(EndpointRemap remap)
    {
        // Partners go by group here, which no remap knows: they are told no more.
        _peers = null;
        foreach (var number in Pairs.Remap(remap, HasEndpoints(Table.By), HasEndpoints(Table.Then)))
        {
            ref var others = ref Sums[GroupPairs.Others];
            var gone = Sums[number];
            others.Connections += gone.Connections;
            others.Bytes += gone.Bytes.Value;
            others.Packets += gone.Packets.Value;
            Sums[number] = default;
            if (number < _detail.Length)
            {
                _detail[number] = default;
            }
        }
    }

    /// <summary>Whether keys are ids of endpoints.</summary>
    public static bool HasEndpoints(Dimension? by) => by is { } dimension && (dimension.IsEndpoint() || dimension.IsOfEndpoint());

    private bool Add(FlowSet flows, FlowChunk chunk, int i, int first, int second, bool firstIsSource, bool secondIsSource)
    {
        if (!IsKey(first, second))
        {
            return false;
        }

        var number = Pairs.Of(first, second);
        Sums.AddStopping(number, chunk.Bytes[i], chunk.Packets[i]);
        if (_withDetail)
        {
            ref var detail = ref DetailOf(number);
            detail.Add(chunk, i);
            if (Table.Then is { } then && !IsOfOneEnd(Table.By) && IsOfOneEnd(then))
            {
                detail.AddDirections(chunk, i, then, secondIsSource, _facts);
            }
            else
            {
                detail.AddDirections(chunk, i, Table.By, firstIsSource, _facts);
            }
        }

        if (_peers is not null && number != GroupPairs.Others)
        {
            AddPeers(flows, chunk, i, number, IsSource(Table.By, first, firstIsSource, chunk, i)
                ?? (Table.Then is { } other ? IsSource(other, second, secondIsSource, chunk, i) : null));
        }

        return true;
    }

    private bool IsKey(int first, int second) =>
        first >= 0 && second >= 0 && !(Table.By.IsPort() && first == 0) && !(Table.Then?.IsPort() == true && second == 0);

    private ref KeyDetail DetailOf(int number)
    {
        if (number >= _detail.Length)
        {
            Array.Resize(ref _detail, Math.Max(number + 1, _detail.Length * 2));
        }

        return ref _detail[number];
    }

    // The other end of what the group is an end of; where it is none, the peers of the ends that the question is about.
    private void AddPeers(FlowSet flows, FlowChunk chunk, int i, int number, bool? isSource)
    {
        if (isSource is { } known)
        {
            _peers!.Add(number, known ? chunk.Destination[i] : chunk.Source[i], flows.Hosts);
            return;
        }

        var near = _facts.Near(chunk, i);
        if (near.First >= 0)
        {
            _peers!.Add(number, near.FirstIsSource ? chunk.Destination[i] : chunk.Source[i], flows.Hosts);
        }

        if (near.Second >= 0)
        {
            _peers!.Add(number, chunk.Source[i], flows.Hosts);
        }
    }

    // Whether the end that a key stands for, or has it (a country), is the source; null where it stands for no end.
    private static bool? IsSource(Dimension by, int key, bool flag, FlowChunk chunk, int i) => IsOfOneEnd(by) ? flag
        : by.IsOfEndpoint() ? key != chunk.Destination[i]
        : null;

    private static bool IsOfOneEnd(Dimension by) => by.IsByDevice() || by is Dimension.Source or Dimension.Destination;
}
