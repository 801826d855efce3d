using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Queries.Channels;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>What the rules look at: the channels, who is popular, which hosts are servers, and what was usual before.</summary>
internal sealed class HuntScene
{
    private readonly int[] _devicesOf;
    private readonly Dictionary<int, Dictionary<ushort, int>> _clients = [];
    private readonly HashSet<int> _directories = [];
    private readonly HashSet<int> _members = [];
    private readonly bool[] _isTcp;
    private readonly bool[] _isIcmp;
    private readonly Sides _sides;

    public HuntScene(FlowSet flows, ChannelBook book, Baseline? before, Sides sides)
    {
        (Flows, Book, Before, _sides) = (flows, book, before, sides);
        Ends = new ChannelEnds(book, flows.Hosts.Count);
        Short = new Shortlists(book, flows.Hosts.Count);
        _devicesOf = new int[flows.Hosts.Count];
        (_isTcp, _isIcmp) = (new bool[flows.Protocols.Count], new bool[flows.Protocols.Count]);
        for (var id = 0; id < _isTcp.Length; id++)
        {
            var name = flows.Protocols[(ushort)id];
            _isTcp[id] = name.Equals("tcp", StringComparison.OrdinalIgnoreCase);
            _isIcmp[id] = name.Contains("icmp", StringComparison.OrdinalIgnoreCase);
        }

        CountDevices();
        foreach (var id in Short.Kerberos)
        {
            _directories.Add(book.All[id].Key.Destination);
            _members.Add(book.All[id].Key.Source);
        }
    }

    public FlowSet Flows { get; }

    public ChannelBook Book { get; }

    public Baseline? Before { get; }

    /// <summary>The channels by their ends.</summary>
    public ChannelEnds Ends { get; }

    /// <summary>The channels worth a closer look.</summary>
    public Shortlists Short { get; }

    /// <summary>Devices inside that went outside at all.</summary>
    public int Devices { get; private set; }

    public bool KnowsBytesOut => (Flows.Seen & FlowFields.BytesOut) != 0;

    public bool KnowsState => (Flows.Seen & FlowFields.State) != 0;

    public bool IsInside(int id) => _sides.IsInside(Flows.Hosts, id);

    public bool IsDevice(int id) => _sides.IsDevice(Flows.Hosts, id);

    /// <summary>Devices inside that went to a destination outside.</summary>
    public int DevicesOf(int destination) => _devicesOf[destination];

    /// <summary>Devices inside that were answered by a host inside on a port.</summary>
    public int ClientsOf(int host, ushort port) => Served(host).GetValueOrDefault(port);

    /// <summary>Whether a host inside gives out Kerberos tickets: a domain controller.</summary>
    public bool IsDirectory(int host) => _directories.Contains(host);

    /// <summary>Whether a host inside serves several others, inside or outside, and is no domain controller.</summary>
    public bool IsServer(int host) => !_directories.Contains(host)
        && (Served(host).Values.Any(clients => clients >= HuntRules.ServerClients) || ServesOutside(host));

    /// <summary>Whether a host inside logs in at a domain controller and serves nobody: someone's machine.</summary>
    public bool IsWorkstation(int host) => _members.Contains(host) && !_directories.Contains(host) && !IsServer(host);

    public bool IsTcp(in Channel channel) => Is(_isTcp, channel.Key.Protocol);

    public bool IsIcmp(in Channel channel) => Is(_isIcmp, channel.Key.Protocol);

    /// <summary>A multicast or broadcast address, that of a /24 included: no host.</summary>
    public bool IsGroup(int id)
    {
        var address = Flows.Hosts.Address(id);
        return address.IsPresent && (address.IsIPv4
            ? ((uint)address.Bits >> 28 == 0xE || ((uint)address.Bits & 0xFF) == 0xFF)
            : address.Bits >> 120 == 0xFF);
    }

    /// <summary>The network of a host, as a service's addresses are neighbours: its /24, or /48.</summary>
    public static UInt128 NetworkOf(HostTable hosts, int id)
    {
        var address = hosts.Address(id);
        return address.IsIPv4 ? address.Bits >> 8 : (address.Bits >> 80) << 80;
    }

    /// <summary>Lowers a confidence for what many devices talk to.</summary>
    public Confidence Popular(Confidence confidence, int destination) => ByNumber(confidence, DevicesOf(destination));

    /// <summary>Lowers a confidence for what so many devices do.</summary>
    public Confidence ByNumber(Confidence confidence, int devices) =>
        devices > HuntRules.VeryPopular || (devices >= HuntRules.FewestForShare && devices >= HuntRules.MaxDevices * Devices)
            ? Confidence.Low
            : devices > HuntRules.Popular && confidence > Confidence.Low ? confidence - 1
            : confidence;

    /// <summary>A host as people know it.</summary>
    public KnownEnd End(int id) => new(Flows.Hosts.Address(id), Flows.Hosts.Details(id)?.Hostname, Flows.Hosts.Details(id)?.Asn);

    public string Name(int id) => Flows.Hosts.Name(id);

    public static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>A length of time for people, three digits.</summary>
    public static string Span(double milliseconds) => milliseconds switch
    {
        < 1_000 => Text($"{milliseconds:0} ms"),
        < 10_000 => Text($"{milliseconds / 1_000:0.##} s"),
        < 120_000 => Text($"{milliseconds / 1_000:0.#} s"),
        < 600_000 => Text($"{milliseconds / 60_000:0.##} min"),
        < 7_200_000 => Text($"{milliseconds / 60_000:0.#} min"),
        < 36_000_000 => Text($"{milliseconds / 3_600_000:0.##} h"),
        _ => Text($"{milliseconds / 3_600_000:0.#} h"),
    };

    /// <summary>Bytes for people, three digits.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} KB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB"),
    };

    // Names beyond the bound share one that is no protocol.
    private static bool Is(bool[] known, ushort protocol) => protocol < known.Length && known[protocol];

    private void CountDevices()
    {
        for (var source = 0; source < Ends.Hosts; source++)
        {
            var (from, to) = Ends.PairsOf(source);
            var goesOut = false;
            for (var pair = from; pair < to; pair++)
            {
                if (GoesOut(Ends.Of(pair)) && IsDevice(source))
                {
                    _devicesOf[Ends.DestinationOf(pair)]++;
                    goesOut = true;
                }
            }

            Devices += goesOut ? 1 : 0;
        }
    }

    private bool GoesOut(ReadOnlySpan<int> channels)
    {
        foreach (var id in channels)
        {
            if (Short.GoesOut[id])
            {
                return true;
            }
        }

        return false;
    }

    private bool ServesOutside(int host)
    {
        var clients = 0;
        foreach (var id in Ends.To(host))
        {
            ref readonly var channel = ref Book.All[id];
            clients += channel.Way == Way.In && channel.TwoWay > 0 && HuntPorts.IsWeb(channel.Key.Port) ? 1 : 0;
        }

        return clients >= HuntRules.ServerClients;
    }

    // By port, how many devices inside a host inside answered.
    private Dictionary<ushort, int> Served(int host)
    {
        if (!_clients.TryGetValue(host, out var served))
        {
            _clients[host] = served = [];
            foreach (var id in Ends.To(host))
            {
                ref readonly var channel = ref Book.All[id];
                if (channel.Way == Way.Inside && channel.TwoWay > 0)
                {
                    served[channel.Key.Port] = served.GetValueOrDefault(channel.Key.Port) + 1;
                }
            }
        }

        return served;
    }
}
