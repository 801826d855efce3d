using System.Globalization;
using DtMcp.Darktrace.Reading;

namespace DtMcp.Traffic.Condensing.Hunting;

/// <summary>What the rules look at: the channels, who is popular, and what was usual before.</summary>
internal sealed class HuntScene
{
    private readonly Dictionary<int, int> _sourcesOf = [];
    private readonly Sides _sides;

    public HuntScene(FlowSet flows, ChannelBook book, Baseline? before, Sides sides)
    {
        (Flows, Book, Before, _sides) = (flows, book, before, sides);
        HashSet<(int, int)> pairs = [];
        HashSet<int> sources = [];
        foreach (ref readonly var channel in book.Channels)
        {
            if (channel.GoesOut && sides.IsDevice(flows.Hosts, channel.Key.Source))
            {
                sources.Add(channel.Key.Source);
                if (pairs.Add((channel.Key.Source, channel.Key.Destination)))
                {
                    _sourcesOf[channel.Key.Destination] = _sourcesOf.GetValueOrDefault(channel.Key.Destination) + 1;
                }
            }
        }

        Devices = sources.Count;
    }

    public FlowSet Flows { get; }

    public ChannelBook Book { get; }

    public Baseline? Before { get; }

    /// <summary>Devices inside that went outside at all.</summary>
    public int Devices { get; }

    public bool KnowsBytesOut => (Flows.Seen & FlowFields.BytesOut) != 0;

    public bool KnowsState => (Flows.Seen & FlowFields.State) != 0;

    /// <summary>Devices inside that went to a destination.</summary>
    public int SourcesOf(int destination) => _sourcesOf.GetValueOrDefault(destination);

    /// <summary>Lowers a confidence for what many devices talk to.</summary>
    public Confidence Popular(Confidence confidence, int destination)
    {
        var sources = SourcesOf(destination);
        if (sources > HuntRules.VeryPopular || (sources >= HuntRules.FewestForShare && sources >= HuntRules.MostDevices * Devices))
        {
            return Confidence.Low;
        }

        return sources > HuntRules.Popular && confidence > Confidence.Low ? confidence - 1 : confidence;
    }

    public static bool IsIcmp(FlowSet flows, ushort protocol) => flows.Protocols[protocol].Contains("icmp", StringComparison.OrdinalIgnoreCase);

    /// <summary>Which devices inside use the destination, and its name where one is known: ends the figures of a finding.</summary>
    public string About(in ChannelKey key)
    {
        var name = Flows.Hosts.Details(key.Destination)?.Hostname;
        var sources = SourcesOf(key.Destination);
        var used = sources == 0 ? "used by no device inside"
            : sources == 1 && _sides.IsDevice(Flows.Hosts, key.Source) ? "used by this device alone"
            : string.Create(CultureInfo.InvariantCulture, $"used by {sources} of {Devices} devices");
        return name is null ? used : $"{used}, named {name}";
    }

    public static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>A length of time for people.</summary>
    public static string Span(double milliseconds) => milliseconds switch
    {
        < 1_000 => Text($"{milliseconds:0} ms"),
        < 120_000 => Text($"{milliseconds / 1_000:0.#} s"),
        < 7_200_000 => Text($"{milliseconds / 60_000:0.#} min"),
        _ => Text($"{milliseconds / 3_600_000:0.#} h"),
    };
}
