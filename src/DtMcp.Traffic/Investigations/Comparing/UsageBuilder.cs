using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Comparing;

/// <summary>
/// One window's rows, summed for a comparison. Ports count only where something answered: a scan uses none. Bytes that a sensor made up are
/// in the totals, as everywhere, and in nothing that can grow.
/// </summary>
internal sealed class UsageBuilder(InternalRanges ranges) : IFlowConsumer
{
    private readonly Sides _sides = new(ranges);
    private readonly EndpointTally _destinations = new();
    private readonly EndpointTally _devices = new();
    private readonly Tally _ports = Tally.OfPorts();
    private readonly Tally _protocols = Tally.OfNames();
    private readonly Tally _applications = Tally.OfNames();

    private readonly ArtefactBook _artefacts = new();

    private BloomFilter? _gone;

    public long Connections { get; private set; }

    public Sum Bytes { get; private set; }

    public void Consume(FlowSet flows, FlowChunk chunk)
    {
        var hosts = flows.Hosts;
        var knowsState = (flows.Seen & FlowFields.State) != 0;
        var knowsBytes = (flows.Seen & FlowFields.Bytes) != 0;
        for (var i = 0; i < chunk.Count; i++)
        {
            var (source, destination, bytes, traits) = (chunk.Source[i], chunk.Destination[i], chunk.Bytes[i], chunk.Traits[i]);
            Connections++;
            Bytes += bytes;
            if ((traits & FlowTraits.SensorArtefact) != 0)
            {
                _artefacts.Add(flows, chunk, i, _sides);
                bytes = 0;
            }

            _protocols.AddStopping(chunk.Protocol[i], bytes, 0);
            _applications.AddStopping(chunk.ApplicationProtocol[i], bytes, 0);
            if (Answered.Is(chunk, i, knowsState, knowsBytes))
            {
                _ports.AddStopping(chunk.DestinationPort[i], bytes, 0);
            }

            AddDevice(hosts, source, bytes);
            if (destination != source)
            {
                AddDevice(hosts, destination, bytes);
            }

            if (_sides.IsExternal(hosts, traits, source, destination) && _sides.GoesOut(hosts, destination))
            {
                _destinations.AddStopping(destination, bytes, 0);
            }
        }
    }

    public void Weigh(EndpointWeights weights)
    {
        _destinations.Weigh(weights);
        _devices.Weigh(weights);
    }

    public void Remap(EndpointRemap remap)
    {
        _sides.Forget();
        _artefacts.Remap(remap);
        _destinations.Remap(remap, Remember);
        _devices.Remap(remap, Remember);

        void Remember(int host, Measure sum) => (_gone ??= new BloomFilter()).Add(remap.Name(host));
    }

    /// <summary>Says what a sensor made up; null when nothing.</summary>
    public string? ArtefactNote(FlowSet flows) => _artefacts.Note(flows.Hosts, "totals hold them, what is compared does not");

    public WindowUsage Usage(FlowSet flows)
    {
        var knowsBytes = flows.Count == 0 || (flows.Seen & FlowFields.Bytes) != 0;
        return new WindowUsage
        {
            MayHaveSeen = name => _gone?.MayHave(name) == true,
            Destinations = Hosts(flows.Hosts, _destinations.Sums, knowsBytes, isDevice: false),
            Devices = Hosts(flows.Hosts, _devices.Sums, knowsBytes, isDevice: true),
            Ports = Of(_ports, 1, knowsBytes, port => port.ToString(CultureInfo.InvariantCulture), port => [Cell.Of((long)port)],
                IsService),
            Protocols = Of(_protocols, 0, knowsBytes, id => flows.Protocols[(ushort)id], id => [Cell.Of(flows.Protocols[(ushort)id])]),
            ApplicationProtocols = Of(_applications, 1, knowsBytes, id => flows.ApplicationProtocols[(ushort)id],
                id => [Cell.Of(flows.ApplicationProtocols[(ushort)id])]),
        };
    }

    private static bool IsService(int port, Measure sum) =>
        port < ComparisonRules.FirstEphemeralPort || sum.Connections >= ComparisonRules.EphemeralUses;

    private static Dictionary<string, Usage> Hosts(HostTable hosts, Tally tally, bool knowsBytes, bool isDevice) => Of(
        tally, 0, knowsBytes, hosts.Name, id => isDevice
            ? [HostCells.Ip(hosts, id), HostCells.Did(hosts, id), HostCells.Hostname(hosts, id)]
            : [HostCells.Ip(hosts, id), HostCells.Hostname(hosts, id), HostCells.Country(hosts, id), HostCells.Asn(hosts, id)]);

    private static Dictionary<string, Usage> Of(
        Tally tally, int from, bool knowsBytes, Func<int, string> key, Func<int, IReadOnlyList<Cell>> identity,
        Func<int, Measure, bool>? counts = null)
    {
        Dictionary<string, Usage> usage = new(StringComparer.Ordinal);
        for (var id = from; id < tally.Length; id++)
        {
            var sum = tally[id];
            if (sum.Connections > 0 && counts?.Invoke(id, sum) != false)
            {
                // An address that moved from one device to another is compared as one.
                var name = key(id);
                usage[name] = usage.GetValueOrDefault(name) is { } known
                    ? known with
                    {
                        Connections = known.Connections + sum.Connections,
                        Bytes = knowsBytes ? new Sum(known.Bytes ?? 0) + sum.Bytes : null,
                    }
                    : new Usage(identity, id, sum.Connections, knowsBytes ? sum.Bytes : null);
            }
        }

        return usage;
    }

    private void AddDevice(HostTable hosts, int host, long bytes)
    {
        if (_sides.IsDevice(hosts, host))
        {
            _devices.AddStopping(host, bytes, 0);
        }
    }
}
