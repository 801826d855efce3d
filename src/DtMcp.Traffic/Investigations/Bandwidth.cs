using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// <c>analyze_bandwidth</c>: bytes in and out by device and by hour. The hour is that of a connection's start, and a connection between two
/// devices counts for both.
/// </summary>
internal sealed class Bandwidth(AnalysisSettings settings) : FlowAnalysis(settings), ISeriesAnalysis
{
    private const long HourMs = 3_600_000;

    // Eleven years: more hours are an appliance's error.
    private const int MaxHours = 100_000;

    private Dictionary<int, (Sum In, Sum Out)> _devices = [];
    private readonly SortedDictionary<long, (Sum In, Sum Out)> _hours = [];
    private readonly EndpointTally _undivided = new();
    private readonly FocusHosts _focus = new(settings);
    private long _atBothEnds;
    private Sum _bytesAtBothEnds;
    private Sum _in;
    private Sum _out;

    public override Findings Finish(FlowSet flows)
    {
        var hosts = flows.Hosts;
        if (Knows(flows, FlowFields.BytesOut))
        {
            return Report(hosts, [.. RowNotes(flows), .. InnerNote()], flows.HasEvicted ? _undivided.Distinct(hosts) : null);
        }

        var ranked = TopK.Top(_undivided, Settings.Limit, By(flows, SortMeasure.Bytes), hosts);
        var devices = new TableBuilder("devices", "bytes", "ip", "did", "hostname", "bytes");
        foreach (var host in ranked.Keys)
        {
            devices.Add(HostCells.Ip(hosts, host), Did(flows, host), HostCells.Hostname(hosts, host), Bytes(flows, _undivided[host].Bytes));
        }

        return new Findings
        {
            Totals = [],
            Tables = [devices.Build(ranked.Of)],
            Notes = [.. RowNotes(flows), .. InnerNote(),
                "This evidence gives the bytes of both directions together: bytes in, bytes out and hours are not told."],
        };
    }

    public Findings Finish(Series series)
    {
        foreach (var point in series.Points)
        {
            // A point without a device is of the one that was asked about.
            if (!_focus.IsAny || IsUnknown(series.Hosts, point.Host) || _focus.Is(series.Hosts, point.Host))
            {
                Add(point.Host, Hour(point.TimeMs), point.BytesIn, point.BytesOut);
            }
        }

        return Report(series.Hosts,
            _focus.IsAny || _devices.Count < 2
                ? []
                : ["A connection between two devices counts for both, so totals and hours hold its bytes twice."]);
    }

    public override Findings Finish(ConnectivityHalves answers) => ConnectivityTables.Bandwidth(answers, Settings);

    protected override IReadOnlyList<EndpointTally> Endpoints => [_undivided];

    public override void Remap(EndpointRemap remap)
    {
        base.Remap(remap);
        _focus.Forget();
        Dictionary<int, (Sum In, Sum Out)> devices = [];
        foreach (var (host, sums) in _devices)
        {
            if (remap.NewId(host) is >= 0 and var to)
            {
                devices[to] = sums;
            }
        }

        _devices = devices;
    }

    protected override void Count(FlowSet flows, FlowChunk chunk)
    {
        for (var i = 0; i < chunk.Count; i++)
        {
            var (source, destination, bytes, sent) = (chunk.Source[i], chunk.Destination[i], chunk.Bytes[i], chunk.BytesOut[i]);
            var hour = Hour(chunk.Start(i));

            // A device that talks to itself counts once, as a series has it.
            var ofSource = Counts(flows.Hosts, source);
            var ofDestination = destination != source && Counts(flows.Hosts, destination);
            if (ofSource)
            {
                _undivided.Add(source, bytes, 0);
                if (sent >= 0)
                {
                    Add(source, hour, bytes - sent, sent);
                }
            }

            if (ofDestination)
            {
                _undivided.Add(destination, bytes, 0);
                if (sent >= 0)
                {
                    Add(destination, hour, sent, bytes - sent);
                }
            }

            if (ofSource && ofDestination)
            {
                _atBothEnds++;
                _bytesAtBothEnds += bytes;
            }
        }
    }

    // Of one device, or a subnet, its own side alone; else that of every device.
    private bool Counts(HostTable hosts, int host) => _focus.IsAny ? _focus.Is(hosts, host) : Sides.IsDevice(hosts, host);

    private static bool IsUnknown(HostTable hosts, int host) => !hosts.Address(host).IsPresent && hosts.Did(host) == HostTable.NoDid;

    private IEnumerable<string> InnerNote() => _atBothEnds == 0 ? [] :
    [
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_atBothEnds} connections are between two of these devices and count for both, so totals and hours hold their " +
            $"{_bytesAtBothEnds.Value} bytes twice."),
    ];

    private static long Hour(long milliseconds) =>
        milliseconds == FlowChunk.UnknownStart ? long.MinValue : milliseconds - ((milliseconds % HourMs) + HourMs) % HourMs;

    private void Add(int host, long hour, long received, long sent)
    {
        var device = _devices.GetValueOrDefault(host);
        _devices[host] = (device.In + received, device.Out + sent);
        if (hour != long.MinValue && (_hours.Count < MaxHours || _hours.ContainsKey(hour)))
        {
            var sum = _hours.GetValueOrDefault(hour);
            _hours[hour] = (sum.In + received, sum.Out + sent);
        }

        _in += received;
        _out += sent;
    }

    private Findings Report(HostTable hosts, IReadOnlyList<string> notes, long? of = null)
    {
        var byAddress = TopK.Hosts(hosts);
        var ids = _devices.Keys.ToList();
        ids.Sort((a, b) =>
        {
            var larger = (_devices[b].In + _devices[b].Out).Value.CompareTo((_devices[a].In + _devices[a].Out).Value);
            return larger != 0 ? larger : byAddress(a, b);
        });
        var devices = new TableBuilder("devices", "bytes", "ip", "did", "hostname", "bytes_in", "bytes_out", "bytes");
        foreach (var host in ids.Take(Settings.Limit))
        {
            var (received, sent) = _devices[host];
            devices.Add(HostCells.Ip(hosts, host), HostCells.Did(hosts, host), HostCells.Hostname(hosts, host), Cell.Of(received),
                Cell.Of(sent), Cell.Of(received + sent));
        }

        var hours = new TableBuilder("hours", "time", "hour", "bytes_in", "bytes_out");
        foreach (var (hour, (received, sent)) in _hours)
        {
            hours.Add(Cell.Of(DateTimeOffset.FromUnixTimeMilliseconds(hour).ToString("yyyy-MM-dd HH:00", CultureInfo.InvariantCulture)),
                Cell.Of(received), Cell.Of(sent));
        }

        return new Findings
        {
            Totals = [new Field("bytes_in", Cell.Of(_in)), new Field("bytes_out", Cell.Of(_out))],
            Tables = [devices.Build(of ?? ids.Count), hours.Build(_hours.Count)],
            Notes = notes,
            Next = ids.Count > 0 && NextCalls.CanFocus(hosts, ids[0]) ? [NextCalls.Device(Settings, hosts, ids[0])] : [],
        };
    }
}
