using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries.Rows.Selecting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>
/// Sums by one dimension under some terms, shared by all tables and figures that need the same. Keys are small integers: endpoints, names,
/// ports, or numbers given as they come (hours). Lists and distinct counts of a row are gathered beside, see <see cref="RowPairs"/>.
/// </summary>
/// <param name="by">The dimension.</param>
/// <param name="selection">Its rows.</param>
/// <param name="facts">What rows meet.</param>
/// <param name="inside">What is inside.</param>
/// <param name="withDetail">Whether more than sums is told.</param>
/// <param name="remembers">Whether endpoints that were evicted are remembered by name (<see cref="MayHaveSeen"/>).</param>
internal sealed class RowGroups(
    Dimension by, RowSelection selection, RowFacts facts, InternalRanges inside, bool withDetail, bool remembers = false)
{
    private readonly EndpointTally _endpoints = new();
    private readonly Tally _sums = by.IsPort() ? Tally.OfPorts() : Tally.OfNames();
    private readonly RowKeys _keys = new(by, facts);
    private readonly RollUp? _evicted = by.IsOfEndpoint() ? new RollUp(by, inside) : null;
    private KeyDetail[] _detail = [];
    private BloomFilter? _gone;

    public Dimension By { get; } = by;

    public RowSelection Selection { get; } = selection;

    /// <summary>Whether bytes by direction, failures, first and last are told beside the sums.</summary>
    public bool HasDetail { get; } = withDetail;

    /// <summary>The sums by key.</summary>
    public Tally Sums => IsByEndpoint ? _endpoints.Sums : _sums;

    public EndpointTally Endpoints => _endpoints;

    public RowKeys Keys => _keys;

    public bool IsByEndpoint => By.IsEndpoint() || By.IsOfEndpoint();

    public ref readonly KeyDetail Detail(int key) => ref _detail.Length > key ? ref _detail[key] : ref KeyDetail.None;

    /// <summary>Whether an endpoint of that name may have been evicted.</summary>
    public bool MayHaveSeen(string name) => _gone?.MayHave(name) == true;

    public void Take(FlowSet flows, FlowChunk chunk)
    {
        if (IsByEndpoint)
        {
            _endpoints.Sums.Expect(flows.Hosts.Count);
        }

        if (Selection.IsAll)
        {
            Take(flows, chunk, default(EveryRow));
        }
        else
        {
            Take(flows, chunk, new ChosenRows(Selection.Rows));
        }
    }

    public void Weigh(EndpointWeights weights)
    {
        if (IsByEndpoint)
        {
            _endpoints.Weigh(weights);
        }
    }

    public void Remap(EndpointRemap remap)
    {
        if (!IsByEndpoint)
        {
            return;
        }

        _endpoints.Remap(remap, _evicted is null && !remembers ? null : (host, sum) =>
        {
            _evicted?.Add(remap, host, sum);
            if (remembers)
            {
                (_gone ??= new BloomFilter()).Add(remap.Name(host));
            }
        });
        if (HasDetail)
        {
            for (var host = 0; host < Math.Min(remap.Count, _detail.Length); host++)
            {
                var detail = _detail[host];
                _detail[host] = default;
                if (remap.NewId(host) is >= 0 and var to)
                {
                    _detail[to] = detail;
                }
            }
        }
    }

    /// <summary>Sums by what endpoints have (a network, a country), those of endpoints let go among them.</summary>
    public RollUp RolledUp(HostTable hosts)
    {
        var all = _evicted!.Copy();
        foreach (var (host, sum) in Sums.Entries(hosts.Count))
        {
            all.Add(hosts, host, sum);
        }

        return all;
    }

    /// <summary>
    /// Takes a chunk, and together with it as many of the next groups (up to three) as are over the same rows by columns of short numbers
    /// as well (names, ports); how many these were.
    /// </summary>
    public int TakeWith(ReadOnlySpan<RowGroups> next, FlowSet flows, FlowChunk chunk)
    {
        var together = IsShort(flows) ? 1 : 0;
        while (together > 0 && together <= next.Length && together < 4
            && next[together - 1] is var other && other.Selection == Selection && other.IsShort(flows))
        {
            together++;
        }

        if (together < 2)
        {
            Take(flows, chunk);
            return 0;
        }

        if (Selection.IsAll)
        {
            Take(next, together, chunk, default(EveryRow));
        }
        else
        {
            Take(next, together, chunk, new ChosenRows(Selection.Rows));
        }

        return together - 1;
    }

    private void Take<TRows>(ReadOnlySpan<RowGroups> next, int together, FlowChunk chunk, TRows rows)
        where TRows : struct, IRowOrder
    {
        var (own, first, count) = (ShortColumn(chunk), next[0].ShortColumn(chunk), Selection.Count);
        switch (together)
        {
            case 4:
                ColumnSums.AddFour(
                    (_sums, next[0]._sums, next[1]._sums, next[2]._sums),
                    (own, first, next[1].ShortColumn(chunk), next[2].ShortColumn(chunk)), chunk, rows, count);
                break;
            case 3:
                ColumnSums.AddThree(
                    (_sums, next[0]._sums, next[1]._sums), (own, first, next[1].ShortColumn(chunk)), chunk, rows, count);
                break;
            default:
                ColumnSums.AddTwo((_sums, next[0]._sums), (own, first), chunk, rows, count);
                break;
        }
    }

    private bool IsShort(FlowSet flows) => !NeedsCare(flows)
        && (By.IsPort() || By is Dimension.Protocol or Dimension.ApplicationProtocol);

    // Where sums may become too large for a number, each addition is looked at.
    private bool NeedsCare(FlowSet flows) => HasDetail || flows.IsFull;

    // Asked where IsShort only.
    private ushort[] ShortColumn(FlowChunk chunk) => ColumnSums.ShortColumn(chunk, By)!;

    private void Take<TRows>(FlowSet flows, FlowChunk chunk, TRows rows)
        where TRows : struct, IRowOrder
    {
        var count = Selection.Count;
        switch (By)
        {
            case var _ when NeedsCare(flows):
                AddDetailed(flows, chunk, rows, count);
                break;
            case var _ when IsShort(flows):
                ColumnSums.Add(_sums, new ShortKeys(ShortColumn(chunk)), chunk, rows, count);
                break;
            case Dimension.Source:
                ColumnSums.Add(_endpoints.Sums, new EndpointKeys(chunk.Source), chunk, rows, count);
                break;
            case Dimension.Destination:
                ColumnSums.Add(_endpoints.Sums, new EndpointKeys(chunk.Destination), chunk, rows, count);
                break;
            case Dimension.Endpoint:
                ColumnSums.AddBothEnds(_endpoints.Sums, chunk, rows, count);
                break;
            case Dimension.Device:
                ColumnSums.AddNear(_endpoints.Sums, facts, chunk, chunk.Source, chunk.Destination, rows, count);
                break;
            case Dimension.Peer or Dimension.Subnet:
                ColumnSums.AddNear(_endpoints.Sums, facts, chunk, chunk.Destination, chunk.Source, rows, count);
                break;
            default:
                AddKeys(flows, chunk, rows, count);
                break;
        }
    }

    private void AddKeys<TRows>(FlowSet flows, FlowChunk chunk, TRows rows, int count)
        where TRows : struct, IRowOrder
    {
        var sums = Sums;
        for (var k = 0; k < count; k++)
        {
            var i = rows[k];
            var key = _keys.Of(flows, chunk, i);
            if (key.First >= 0)
            {
                sums.Add(key.First, chunk.Bytes[i], chunk.Packets[i]);
            }

            if (key.Second >= 0)
            {
                sums.Add(key.Second, chunk.Bytes[i], chunk.Packets[i]);
            }
        }
    }

    private void AddDetailed<TRows>(FlowSet flows, FlowChunk chunk, TRows rows, int count)
        where TRows : struct, IRowOrder
    {
        for (var k = 0; k < count; k++)
        {
            var i = rows[k];
            var key = _keys.Of(flows, chunk, i);
            if (key.First >= 0)
            {
                AddDetailed(key.First, chunk, i, key.FirstIsSource);
            }

            if (key.Second >= 0)
            {
                AddDetailed(key.Second, chunk, i, !key.FirstIsSource);
            }
        }
    }

    /// <summary>Adds what was counted elsewhere.</summary>
    public void Add(int key, in HistorySums counted)
    {
        ref var sum = ref Sums[key];
        sum.Connections += counted.Connections;
        sum.Bytes += counted.Bytes;
        sum.Packets += counted.Packets;
        if (HasDetail)
        {
            DetailOf(key).Add(counted);
        }
    }

    private void AddDetailed(int key, FlowChunk chunk, int i, bool asSource)
    {
        Sums.AddStopping(key, chunk.Bytes[i], chunk.Packets[i]);
        if (!HasDetail)
        {
            return;
        }

        ref var detail = ref DetailOf(key);
        detail.Add(chunk, i);
        detail.AddDirections(chunk, i, By, asSource, facts);
    }

    private ref KeyDetail DetailOf(int key)
    {
        if (key >= _detail.Length)
        {
            Array.Resize(ref _detail, Math.Max(key + 1, Math.Max(64, _detail.Length * 2)));
        }

        return ref _detail[key];
    }
}
