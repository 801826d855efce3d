using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Counting;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>What the rules look at: the pairs, who is popular, and what was usual before.</summary>
internal sealed class HuntContext
{
    private readonly Dictionary<int, int> _sourcesOf = [];
    private readonly Sides _sides;

    public HuntContext(FlowSet flows, ConnectionPairs book, Baseline? before, Sides sides)
    {
        (Flows, Pairs, Before, _sides) = (flows, book, before, sides);
        HashSet<(int, int)> pairs = [];
        HashSet<int> sources = [];
        foreach (ref readonly var pair in book.All)
        {
            if (pair.GoesOut && sides.IsDevice(flows.Hosts, pair.Key.Source))
            {
                sources.Add(pair.Key.Source);
                if (pairs.Add((pair.Key.Source, pair.Key.Destination)))
                {
                    _sourcesOf[pair.Key.Destination] = _sourcesOf.GetValueOrDefault(pair.Key.Destination) + 1;
                }
            }
        }

        Devices = sources.Count;
    }

    public FlowSet Flows { get; }

    public ConnectionPairs Pairs { get; }

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
        if (sources > HuntRules.VeryPopular || (sources >= HuntRules.FewestForShare && sources >= HuntRules.MaxDevices * Devices))
        {
            return Confidence.Low;
        }

        return sources > HuntRules.Popular && confidence > Confidence.Low ? confidence - 1 : confidence;
    }

    public static bool IsIcmp(FlowSet flows, ushort protocol) =>
        flows.Protocols[protocol].Contains("icmp", StringComparison.OrdinalIgnoreCase);

    /// <summary>Which devices inside use the destination, and its name where one is known: ends the figures of a finding.</summary>
    public string About(in ConnectionKey key)
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
