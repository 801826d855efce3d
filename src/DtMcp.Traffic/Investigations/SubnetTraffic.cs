using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// <c>analyze_subnet</c>: a subnet takes the connections with either end in it; they are intra when both are. Its devices are the distinct
/// addresses in it; the subnets spoken with are the /24s (IPv6: /64s) of the other ends that are inside, and one row for all outside.
/// </summary>
internal sealed class SubnetTraffic(AnalysisSettings settings) : FlowAnalysis(settings)
{
    private const int MaxSubnets = 100_000;

    private readonly Tally _applications = Tally.OfNames();
    private readonly EndpointTally _devices = new();
    private readonly EndpointTally _others = new();
    private readonly Dictionary<string, Measure> _goneSubnets = new(StringComparer.Ordinal);
    private Measure _all;
    private long _intra;

    public override Findings Finish(FlowSet flows)
    {
        var by = By(flows, SortMeasure.Bytes);
        var devices = TopK.Top(_devices, Settings.Limit, by, flows.Hosts);
        var table = new TableBuilder("devices", Named(by), "ip", "did", "hostname", "bytes", "connections");
        foreach (var host in devices.Keys)
        {
            table.Add(
                HostCells.Ip(flows.Hosts, host), Did(flows, host), HostCells.Hostname(flows.Hosts, host),
                Bytes(flows, _devices[host].Bytes), Cell.Of(_devices[host].Connections));
        }

        return new Findings
        {
            Totals =
            [
                new Field("devices", Cell.Of(devices.Of)),
                new Field("connections", Cell.Of(_all.Connections)),
                new Field("bytes", Bytes(flows, _all.Bytes)),
                new Field("intra_connections", Cell.Of(_intra)),
                new Field("inter_connections", Cell.Of(_all.Connections - _intra)),
            ],
            Tables =
            [
                SimpleTables.Names("applicationprotocols", flows, flows.ApplicationProtocols, _applications, SortMeasure.Connections,
                    Settings.Limit, withUnknown: true),
                table.Build(devices.Of),
                Subnets(flows, by),
            ],
            Notes = RowNotes(flows),
            Next = devices.Keys.Count > 0 && NextCalls.CanFocus(flows.Hosts, devices.Keys[0])
                ? [NextCalls.Device(Settings, flows.Hosts, devices.Keys[0])]
                : [],
        };
    }

    public override Findings Finish(ConnectivityHalves answers) => ConnectivityTables.Subnet(answers, Settings);

    protected override IReadOnlyList<EndpointTally> Endpoints => [_devices, _others];

    public override void Remap(EndpointRemap remap)
    {
        Sides.Forget();
        _devices.Remap(remap);
        _others.Remap(remap, (host, sum) => AddTo(_goneSubnets, Subnet(remap.Address(host)), sum));
    }

    protected override void Count(FlowSet flows, FlowChunk chunk)
    {
        for (var i = 0; i < chunk.Count; i++)
        {
            var (source, destination, bytes) = (chunk.Source[i], chunk.Destination[i], chunk.Bytes[i]);
            var (from, to) = (IsIn(flows.Hosts, source), IsIn(flows.Hosts, destination));
            if (!from && !to)
            {
                continue;
            }

            _all.Connections++;
            _all.Bytes += bytes;
            if (from)
            {
                _devices.Add(source, bytes, 0);
            }

            if (to && destination != source)
            {
                _devices.Add(destination, bytes, 0);
            }

            if (from && to)
            {
                _intra++;
                _applications.Add(chunk.ApplicationProtocol[i], bytes, 0);
            }
            else
            {
                _others.Add(from ? destination : source, bytes, 0);
            }
        }
    }

    private bool IsIn(HostTable hosts, int id) => Settings.Subnet?.Contains(hosts.Address(id)) == true;

    private string Subnet(NetAddress address) => Subnet(address, Settings.Internal.Contains(address));

    private static string Subnet(NetAddress address, bool isInside) =>
        !isInside ? "outside" : address.IsPresent ? AddressRange.Around(address, address.IsIPv4 ? 24 : 64).ToString() : "unknown";

    private static void AddTo(Dictionary<string, Measure> sums, string subnet, Measure sum)
    {
        var key = sums.Count < MaxSubnets || sums.ContainsKey(subnet) ? subnet : "(other)";
        var known = sums.GetValueOrDefault(key);
        sums[key] = new Measure { Connections = known.Connections + sum.Connections, Bytes = known.Bytes + sum.Bytes };
    }

    private Table Subnets(FlowSet flows, SortMeasure by)
    {
        Dictionary<string, Measure> sums = new(_goneSubnets, StringComparer.Ordinal);
        foreach (var (host, sum) in _others.Sums.Entries(flows.Hosts.Count))
        {
            AddTo(sums, Subnet(flows.Hosts.Address(host), Settings.Internal.Contains(flows.Hosts, host)), sum);
        }

        var table = new TableBuilder("subnets", Named(by), "subnet", "bytes", "connections");
        foreach (var (subnet, sum) in sums
            .OrderByDescending(pair => by == SortMeasure.Bytes ? pair.Value.Bytes.Value : pair.Value.Connections)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(Settings.Limit))
        {
            table.Add(Cell.Of(subnet), Bytes(flows, sum.Bytes), Cell.Of(sum.Connections));
        }

        return table.Build(sums.Count);
    }
}
