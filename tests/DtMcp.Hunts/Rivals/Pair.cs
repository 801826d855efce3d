using DtMcp.Darktrace.Values;
using DtMcp.Hunts.Planted;
using DtMcp.Simulator.Records;
using DtMcp.Traffic.Questions;

namespace DtMcp.Hunts.Rivals;

/// <summary>What one device sent to one destination outside, as the rules of others look at it.</summary>
internal sealed class Pair(string source, string destination)
{
    public string Source { get; } = source;

    public string Destination { get; } = destination;

    /// <summary>Seconds, in order.</summary>
    public List<double> Starts { get; } = [];

    public List<double> Sent { get; } = [];

    public List<double> Received { get; } = [];

    public IReadOnlyList<long> Ports => [.. _ports];

    /// <summary>Devices that went to the destination.</summary>
    public int Users { get; private set; }

    /// <summary>First and last start of all pairs, seconds.</summary>
    public (double First, double Last) Data { get; private set; }

    private readonly SortedSet<long> _ports = [];

    public static List<Pair> Of(Rows rows, long from = long.MinValue) => Of(
        rows.All.Where(row => row.Start >= from).Select(row => (row.Start, row.Source, row.Destination, row.Port, row.Sent, row.Received)),
        InternalRanges.Default);

    public static List<Pair> Of(RecordSet records, InternalRanges inside) => Of(
        records.Rows.ToArray().Select(row => (row.StartMs, records.Addresses[row.Source].ToString(),
            records.Addresses[row.Destination].ToString(),
            (int)row.DestinationPort, row.OrigBytes, row.Bytes - row.OrigBytes)),
        inside);

    private static List<Pair> Of(IEnumerable<(long Start, string Source, string Destination, int Port, long Sent, long Received)> rows,
        InternalRanges inside)
    {
        Dictionary<(string, string), Pair> pairs = [];
        var (first, last) = (double.MaxValue, double.MinValue);
        foreach (var row in rows.OrderBy(row => row.Start))
        {
            (first, last) = (Math.Min(first, row.Start / 1e3), Math.Max(last, row.Start / 1e3));
            if (IsInside(row.Source) && !IsInside(row.Destination))
            {
                if (!pairs.TryGetValue((row.Source, row.Destination), out var pair))
                {
                    pairs[(row.Source, row.Destination)] = pair = new Pair(row.Source, row.Destination);
                }

                pair.Starts.Add(row.Start / 1e3);
                pair.Sent.Add(row.Sent);
                pair.Received.Add(row.Received);
                pair._ports.Add(row.Port);
            }
        }

        var users = pairs.Values.CountBy(pair => pair.Destination).ToDictionary();
        foreach (var pair in pairs.Values)
        {
            (pair.Users, pair.Data) = (users[pair.Destination], (first, last));
        }

        return [.. pairs.Values];

        bool IsInside(string address) => NetAddress.TryParse(address, out var parsed) && inside.Contains(parsed);
    }
}
