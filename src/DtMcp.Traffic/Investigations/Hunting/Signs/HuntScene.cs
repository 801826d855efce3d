using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Queries.Channels;

namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>What the rules look at: the channels, who is popular, which hosts are servers, and what was usual before.</summary>
internal sealed class HuntScene
{
    private readonly Dictionary<int, int> _devicesOf = [];
    private readonly Dictionary<(int Host, ushort Port), int> _clients = [];
    private readonly HashSet<int> _directories = [];
    private readonly HashSet<int> _members = [];
    private readonly HashSet<int> _servers = [];
    private readonly Sides _sides;

    public HuntScene(FlowSet flows, ChannelBook book, Baseline? before, Sides sides)
    {
        (Flows, Book, Before, _sides) = (flows, book, before, sides);
        HashSet<(int, int)> pairs = [];
        HashSet<int> devices = [];
        foreach (ref readonly var channel in book.All)
        {
            if (channel.GoesOut && IsDevice(channel.Key.Source))
            {
                devices.Add(channel.Key.Source);
                if (pairs.Add((channel.Key.Source, channel.Key.Destination)))
                {
                    _devicesOf[channel.Key.Destination] = _devicesOf.GetValueOrDefault(channel.Key.Destination) + 1;
                }
            }
            else if (channel.Way == Way.Inside && channel.TwoWay > 0)
            {
                var server = (channel.Key.Destination, channel.Key.Port);
                var clients = _clients.GetValueOrDefault(server) + 1;
                _clients[server] = clients;
                if (clients >= HuntRules.ServerClients)
                {
                    _servers.Add(channel.Key.Destination);
                }

                if (channel.Key.Port is KerberosPort)
                {
                    _directories.Add(channel.Key.Destination);
                    _members.Add(channel.Key.Source);
                }
            }
        }

        Devices = devices.Count;
    }

    private const ushort KerberosPort = 88;

    public FlowSet Flows { get; }

    public ChannelBook Book { get; }

    public Baseline? Before { get; }

    /// <summary>Devices inside that went outside at all.</summary>
    public int Devices { get; }

    public bool KnowsBytesOut => (Flows.Seen & FlowFields.BytesOut) != 0;

    public bool KnowsState => (Flows.Seen & FlowFields.State) != 0;

    public bool IsInside(int id) => _sides.IsInside(Flows.Hosts, id);

    public bool IsDevice(int id) => _sides.IsDevice(Flows.Hosts, id);

    /// <summary>Devices inside that went to a destination outside.</summary>
    public int DevicesOf(int destination) => _devicesOf.GetValueOrDefault(destination);

    /// <summary>Devices inside that were answered by a host inside on a port.</summary>
    public int ClientsOf(int host, ushort port) => _clients.GetValueOrDefault((host, port));

    /// <summary>Whether a host inside gives out Kerberos tickets: a domain controller.</summary>
    public bool IsDirectory(int host) => _directories.Contains(host);

    /// <summary>Whether a host inside logs in at a domain controller and serves nobody: someone's machine.</summary>
    public bool IsWorkstation(int host) => _members.Contains(host) && !_servers.Contains(host) && !_directories.Contains(host);

    public bool IsTcp(in Channel channel) => Flows.Protocols[channel.Key.Protocol].Equals("tcp", StringComparison.OrdinalIgnoreCase);

    public bool IsIcmp(in Channel channel) => Flows.Protocols[channel.Key.Protocol].Contains("icmp", StringComparison.OrdinalIgnoreCase);

    /// <summary>A multicast or broadcast address, that of a /24 included: no host.</summary>
    public bool IsGroup(int id)
    {
        var address = Flows.Hosts.Address(id);
        return address.IsPresent && (address.IsIPv4
            ? ((uint)address.Bits >> 28 == 0xE || ((uint)address.Bits & 0xFF) == 0xFF)
            : address.Bits >> 120 == 0xFF);
    }

    /// <summary>Lowers a confidence for what many devices talk to.</summary>
    public Confidence Popular(Confidence confidence, int destination) => ByNumber(confidence, DevicesOf(destination));

    /// <summary>Lowers a confidence for what so many devices do.</summary>
    public Confidence ByNumber(Confidence confidence, int devices) =>
        devices > HuntRules.VeryPopular || (devices >= HuntRules.FewestForShare && devices >= HuntRules.MaxDevices * Devices)
            ? Confidence.Low
            : devices > HuntRules.Popular && confidence > Confidence.Low ? confidence - 1
            : confidence;

    public string Name(int id) => Flows.Hosts.Name(id);

    public static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>A length of time for people.</summary>
    public static string Span(double milliseconds) => milliseconds switch
    {
        < 1_000 => Text($"{milliseconds:0} ms"),
        < 10_000 => Text($"{milliseconds / 1_000:0.##} s"),
        < 120_000 => Text($"{milliseconds / 1_000:0.#} s"),
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
}
