using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Counting;

/// <summary>
/// How many different things endpoints had that are no longer kept one by one: 4 KiB an endpoint (<see cref="HyperLogLog"/>, 1.6 %), for so
/// many endpoints.
/// </summary>
internal sealed class PairSketches
{
    private const int Most = 4_096;

    private Dictionary<int, HyperLogLog> _sketches = [];
    private HashSet<int> _tooLow = [];

    public bool Any => _sketches.Count > 0;

    /// <summary>Whether something was lost that no sketch counts.</summary>
    public bool Undercounts { get; set; }

    /// <summary>Adds to an endpoint's sketch where it has one.</summary>
    public bool TryAdd(int host, ulong hash)
    {
        if (_sketches.TryGetValue(host, out var sketch))
        {
            sketch.Add(hash);
            return true;
        }

        return false;
    }

    public void Add(int host, ulong hash)
    {
        if (TryAdd(host, hash))
        {
            return;
        }

        if (_sketches.Count >= Most)
        {
            Undercounts = true;
            _tooLow.Add(host);
            return;
        }

        (_sketches[host] = new HyperLogLog(12)).Add(hash);
    }

    /// <summary>Whether an endpoint found no sketch for what was lost: its number is not known.</summary>
    public bool IsTooLow(int host) => _tooLow.Contains(host);

    /// <summary>How many different ones an endpoint had, given the hashes of those still kept.</summary>
    public long Distinct(int host, IReadOnlyCollection<ulong> kept) => Distinct([host], kept);

    /// <summary>How many different ones several endpoints had together.</summary>
    public long Distinct(IReadOnlyCollection<int> hosts, IReadOnlyCollection<ulong> kept)
    {
        HyperLogLog? all = null;
        foreach (var host in hosts)
        {
            if (_sketches.TryGetValue(host, out var sketch))
            {
                if (all is null)
                {
                    all = sketch.Copy();
                }
                else
                {
                    all.Add(sketch);
                }
            }
        }

        if (all is null)
        {
            return kept.Count;
        }

        foreach (var hash in kept)
        {
            all.Add(hash);
        }

        return Math.Max(kept.Count, all.Estimate());
    }

    public void Remap(EndpointRemap remap)
    {
        Dictionary<int, HyperLogLog> moved = [];
        foreach (var (host, sketch) in _sketches)
        {
            if (remap.NewId(host) is >= 0 and var to)
            {
                moved[to] = sketch;
            }
        }

        _sketches = moved;
        _tooLow = [.. _tooLow.Select(remap.NewId).Where(id => id >= 0)];
    }

    /// <summary>64 well-mixed bits of a small number.</summary>
    public static ulong Hash(int value) => KeyedHash.OfProcess.Of((uint)value, 0);
}
