using DtMcp.Darktrace.Reading.Network;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Tables;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>
/// What the guide's tables of one window tell a hunt: what each device sent, whom it was connected with, and how much each host outside
/// took. Devices are known by their id and hosts outside by their address or name, in either window.
/// </summary>
internal sealed class ConnectivityScene
{
    public ConnectivityScene(ConnectivityHalves answers, AnalysisSettings settings)
    {
        var evidence = new ConnectivityEvidence(answers, settings);
        foreach (var row in DeviceRows.Devices(evidence)?.Rows ?? [])
        {
            if (row.Did is { } did)
            {
                Devices.TryAdd(did, row);
            }
        }

        foreach (var answer in answers.All)
        {
            Connect(answer);
        }

        if (evidence.View == ConnectivityView.Device && Devices.Keys.ToList() is [var focus])
        {
            Focus = focus;
            Peers = [.. evidence.Pairs(Terms.External).SelectMany(pairs => pairs.Peers)];
            OutsidePorts = answers.External?.RemotePorts ?? [];
        }
    }

    /// <summary>Devices by their id, with what they received and sent themselves where that is told.</summary>
    public Dictionary<long, TableRow> Devices { get; } = [];

    /// <summary>The one device asked about.</summary>
    public long? Focus { get; }

    /// <summary>The hosts outside of the device asked about, with what came and went.</summary>
    public IReadOnlyList<FocusPeer> Peers { get; } = [];

    /// <summary>Bytes by port at hosts outside, of the device asked about.</summary>
    public IReadOnlyList<PortBytes> OutsidePorts { get; } = [];

    /// <summary>By device, the hosts outside that it was connected with.</summary>
    public Dictionary<long, HashSet<string>> OutsideOf { get; } = [];

    /// <summary>By device, how many devices inside it began connections to.</summary>
    public Dictionary<long, HashSet<long>> InsideOf { get; } = [];

    /// <summary>By host outside, the devices that were connected with it.</summary>
    public Dictionary<string, HashSet<long>> DevicesOf { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>By host outside, the bytes of all its connections, where they are told.</summary>
    public Dictionary<string, long> BytesOf { get; } = new(StringComparer.OrdinalIgnoreCase);

    private void Connect(Connectivity answer)
    {
        var ends = new ConnectivityEnds(answer);
        foreach (var pair in answer.Connections ?? [])
        {
            var (source, target) = (ends.Key(pair.Source), ends.Key(pair.Target));
            if (source.Kind != EndKind.Device)
            {
                continue;
            }

            if (target.Kind == EndKind.Device && target.Id != source.Id)
            {
                Add(InsideOf, source.Id, target.Id);
            }
            else if (ends.External(target) is { } far && (far.Ip ?? far.Name) is { } name)
            {
                Add(OutsideOf, source.Id, name);
                Add(DevicesOf, name, source.Id);
                if (ends.Bytes(target) is { } bytes)
                {
                    // The answer about the outside lists all of it, one about everything not always.
                    BytesOf[name] = Math.Max(bytes, BytesOf.GetValueOrDefault(name));
                }
            }
        }
    }

    private static void Add<TKey, TValue>(Dictionary<TKey, HashSet<TValue>> all, TKey key, TValue value)
        where TKey : notnull
    {
        if (!all.TryGetValue(key, out var known))
        {
            all[key] = known = [];
        }

        known.Add(value);
    }
}
