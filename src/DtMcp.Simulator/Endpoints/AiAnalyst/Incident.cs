using System.Globalization;
using DtMcp.Simulator.Endpoints.Companions;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.AiAnalyst;

/// <summary>
/// An incident that the emulated AI Analyst made of a model breach: one of each that scores 0.7 and more, over the time in which the
/// device and its peer were connected. The highest is pinned.
/// </summary>
internal sealed record Incident(ModelBreach Breach, Device? Device, long FirstMs, long LastMs, bool IsPinned)
{
    private const double LeastScore = 0.7;

    public string Id => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-9000-{Breach.Pbid:d12}");

    /// <summary>Ids of groups begin with a letter.</summary>
    public string Group => "g" + Id;

    /// <summary>0 to 100.</summary>
    public double Score => Math.Round(Breach.Score * 100, 2);

    public string Title => Breach.ModelName[(Breach.ModelName.LastIndexOf(':') + 1)..];

    public string Category => Breach.Score >= 0.8 ? "critical" : "suspicious";

    public static IReadOnlyList<Incident> Of(RecordSet records)
    {
        var pinned = records.Breaches.Where(breach => breach.Score >= LeastScore).MaxBy(breach => breach.Score);
        return [.. records.Breaches.Where(breach => breach.Score >= LeastScore).Select(breach => Made(records, breach, breach == pinned))];
    }

    private static Incident Made(RecordSet records, ModelBreach breach, bool isPinned)
    {
        var (first, last) = (breach.TimeMs, breach.TimeMs);
        if (records.AddressIndex.TryGetValue(breach.Device, out var device)
            && breach.Peer is { } far && records.AddressIndex.TryGetValue(far, out var peer))
        {
            foreach (ref readonly var row in records.Rows.AsSpan())
            {
                if (row.Source == device && row.Destination == peer)
                {
                    (first, last) = (Math.Min(first, row.StartMs), Math.Max(last, row.StartMs));
                }
            }
        }

        return new Incident(breach, BreachList.DeviceOf(records, breach), first, last, isPinned);
    }
}
