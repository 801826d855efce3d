using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries.Channels;
using static DtMcp.Traffic.Investigations.Hunting.Signs.HuntScene;

namespace DtMcp.Traffic.Investigations.Hunting.Rules;

/// <summary>What one source tried: hosts on a port, or ports on a host. What worked is ordinary use of the same port.</summary>
internal sealed class Sweep
{
    private List<(long At, ushort Port)>? _failed;
    private List<long>? _sorted;

    // Evicted channels have no times of their own: they are spread evenly, which no real pace is below.
    private (long Failed, long First, long Last) _evicted;

    public long Tried { get; private set; }

    public long Failed { get; private set; }

    /// <summary>Of those that failed, hosts outside.</summary>
    public long Outside { get; private set; }

    public Sums Sums { get; private set; } = Sums.None;

    public IReadOnlyList<int> Ports =>
        [.. (_failed ?? []).OrderBy(failed => failed.At).ThenBy(failed => failed.Port).Select(failed => (int)failed.Port).Distinct()];

    public void Add(in Channel channel)
    {
        Tried++;
        if (channel.IsInVain)
        {
            Failed++;
            Outside += channel.GoesOut ? 1 : 0;
            Sums = Sums.With(channel);
            (_failed ??= []).Add((channel.First, channel.Key.Port));
        }
    }

    public Sweep With(in Tried tried)
    {
        Tried += tried.Count;
        Failed += tried.Failed;
        _evicted = (tried.Failed, tried.First, tried.Last);
        Sums = tried.Failed == 0 ? Sums : new Sums(
            Sums.Connections + tried.Connections, Sums.Refused + tried.Connections,
            Sums.Bytes + tried.Bytes, Sums.BytesOut + tried.BytesOut,
            Math.Min(Sums.First, tried.First), Math.Max(Sums.Last, tried.Last));
        return this;
    }

    public bool IsScan(int fewest) => Failed >= fewest && Failed >= HuntRules.ScanFailed * Tried;

    /// <summary>High when so many failed within minutes, medium within an hour, low over a day.</summary>
    public Confidence Level(int fewest) =>
        Within(HuntRules.ScanHighMs) >= fewest ? Confidence.High
        : Within(HuntRules.ScanMediumMs) >= fewest ? Confidence.Medium
        : Confidence.Low;

    public string Pace(Confidence level, int fewest)
    {
        var span = level == Confidence.High ? HuntRules.ScanHighMs : HuntRules.ScanMediumMs;
        return Text($"{Within(span)} (≥{fewest}) within {Span(span)}, all within {Span(Sums.Last - Sums.First)}");
    }

    private long Within(long span)
    {
        if (_sorted is null)
        {
            _sorted = [.. (_failed ?? []).Select(failed => failed.At).Where(at => at != long.MaxValue).Order()];
        }

        var (failed, first, last) = _evicted;
        var evicted = failed == 0 ? 0 : last - first <= span ? failed : failed * span / (last - first);
        return FullestSpan.Most(_sorted, span) + evicted;
    }
}
