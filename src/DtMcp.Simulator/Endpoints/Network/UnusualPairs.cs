using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>Pairs of addresses that a model breach is about, in either direction, with its score.</summary>
internal sealed class UnusualPairs
{
    private readonly Dictionary<(int, int), double> _scores = [];

    public UnusualPairs(RecordSet records)
    {
        foreach (var breach in records.Breaches)
        {
            if (breach.Peer is { } peer && records.AddressIndex.TryGetValue(breach.Device, out var device)
                && records.AddressIndex.TryGetValue(peer, out var other))
            {
                _scores[(device, other)] = breach.Score;
                _scores[(other, device)] = breach.Score;
            }
        }
    }

    public bool Contains(int source, int target) => _scores.ContainsKey((source, target));

    /// <summary>Unusualness in percent; null for an ordinary pair.</summary>
    public int? Score(int source, int target) => _scores.TryGetValue((source, target), out var score) ? (int)Math.Round(score * 100) : null;
}
