using System.Globalization;
using DtMcp.Darktrace.Reading;

namespace DtMcp.Traffic.Condensing.Hunting;

/// <summary>What the rules look at: the channels, who is popular, and what was usual before.</summary>
internal sealed class HuntScene
{
    private readonly Dictionary<int, int> _sourcesOf = [];

    public HuntScene(FlowSet flows, ChannelBook book, Baseline? before)
    {
        (Flows, Book, Before) = (flows, book, before);
        HashSet<(int, int)> pairs = [];
        HashSet<int> sources = [];
        foreach (ref readonly var channel in book.Channels)
        {
            if (channel.GoesOut)
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

    /// <summary>Devices that went outside at all.</summary>
    public int Devices { get; }

    public bool KnowsBytesOut => (Flows.Seen & FlowFields.BytesOut) != 0;

    public bool KnowsState => (Flows.Seen & FlowFields.State) != 0;

    /// <summary>Devices that went to a destination.</summary>
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

    /// <summary>Who uses the destination, and its name where one is known: ends the figures of a finding.</summary>
    public string About(int destination)
    {
        var name = Flows.Hosts.Details(destination)?.Hostname;
        var sources = SourcesOf(destination);
        var used = sources == 1 ? "used by this device alone" : string.Create(CultureInfo.InvariantCulture, $"used by {sources} of {Devices} devices");
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
