using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>
/// One device and one far end, one source and all that it touched, or one far end and all that came there: with every sign that belongs
/// together. Hosts are ids of the rows' hosts.
/// </summary>
internal sealed class Story(int source, int? destination)
{
    public int Source { get; private set; } = source;

    public int? Destination { get; private set; } = destination;

    /// <summary>The strongest first.</summary>
    public List<Sign> Signs { get; } = new(1);

    public HuntKind Kind => Signs[0].Kind;

    public Confidence Confidence { get; set; }

    /// <summary>Why people know it to be harmless, where they do: it is low then.</summary>
    public KnownGoodEntry? KnownGood { get; private set; }

    /// <summary>What its connections add up to: all between the pair, or what its signs counted.</summary>
    public Sums Sums { get; set; } = Sums.None;

    /// <summary>Ports of the pair beside those of its signs, with their connections.</summary>
    public Dictionary<int, long>? OtherPorts { get; private set; }

    /// <summary>How many of one confidence are like it, told in its line.</summary>
    public IReadOnlyList<Story> Alike { get; set; } = [];

    /// <summary>How much speaks for it beside its confidence: signs of different kinds add up.</summary>
    public int Weight { get; private set; }

    /// <summary>The first of <see cref="Ports"/>; 0 when there is none.</summary>
    public int FirstPort => Signs[0].Ports is [not 0 and var port, ..] ? port : Ports is [var first, ..] ? first : 0;

    public IReadOnlyList<int> Ports =>
    [
        .. Signs.SelectMany(sign => sign.Ports)
            .Concat((OtherPorts ?? []).OrderByDescending(port => port.Value).ThenBy(port => port.Key).Select(port => port.Key))
            .Where(port => port != 0).Distinct(),
    ];

    public void AddPort(int port, long connections)
    {
        OtherPorts ??= [];
        OtherPorts[port] = OtherPorts.GetValueOrDefault(port) + connections;
    }

    /// <summary>Orders its signs, takes its ends from the strongest, and weighs them together.</summary>
    public void Settle()
    {
        // Most stories are one sign.
        if (Signs.Count == 1)
        {
            (Confidence, Weight) = (Signs[0].Confidence, WeightOf(Signs[0].Confidence));
            return;
        }

        Signs.Sort((a, b) =>
        {
            var order = (int)b.Confidence - (int)a.Confidence;
            order = order != 0 ? order : (int)a.Kind - (int)b.Kind;
            order = order != 0 ? order : (a.Ports.Count > 0 ? a.Ports[0] : 0).CompareTo(b.Ports.Count > 0 ? b.Ports[0] : 0);

            // Of one port by two protocols: which came first tells nothing.
            return order != 0 ? order : string.CompareOrdinal(a.Figures(), b.Figures());
        });
        (Source, Destination) = (Signs[0].Source, Signs[0].Destination);
        var strongest = Signs[0].Confidence;
        var families = Signs.Where(sign => sign.Confidence >= Confidence.Medium).Select(sign => Family(sign.Kind)).Distinct().Count();
        Confidence = strongest == Confidence.Medium && families > 1 ? Confidence.High : strongest;
        Weight = Signs.GroupBy(sign => sign.Kind).Sum(kind => WeightOf(kind.Max(sign => sign.Confidence)));
    }

    /// <summary>Lowers it for what people know.</summary>
    public void Lower(KnownGoodEntry known) => (KnownGood, Confidence) = (known, Confidence.Low);

    private static int WeightOf(Confidence confidence) => 1 << (2 * (int)confidence);

    // What is sent, how long it takes and over which port say the same of one session; guessing by a program has its period.
    private static HuntKind Family(HuntKind kind) => kind switch
    {
        HuntKind.AdminPorts or HuntKind.LongConnections => HuntKind.Upload,
        HuntKind.Guessing => HuntKind.Beacon,
        _ => kind,
    };
}
