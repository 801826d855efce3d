using System.Globalization;
using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Counting;

/// <summary>Connections whose bytes a sensor made up: how many, and at which devices and hours the most of it.</summary>
internal sealed class ArtefactBook
{
    private const long HourMs = 3_600_000;
    private const int MaxNamed = 3;

    // Beyond these only the places known so far go on counting.
    private const int MaxPlaces = 10_000;

    private Dictionary<(int Host, long Hour), (long Connections, Sum Bytes)> _places = [];

    public long Connections { get; private set; }

    public Sum Bytes { get; private set; }

    public void Add(FlowSet flows, FlowChunk chunk, int i, Sides sides)
    {
        var (source, destination, bytes, start) = (chunk.Source[i], chunk.Destination[i], chunk.Bytes[i], chunk.Start(i));
        Connections++;
        Bytes += bytes;
        var host = !sides.IsDevice(flows.Hosts, source) && sides.IsDevice(flows.Hosts, destination) ? destination : source;
        var hour = start == FlowChunk.UnknownStart ? start : start - (((start % HourMs) + HourMs) % HourMs);
        if (_places.Count < MaxPlaces || _places.ContainsKey((host, hour)))
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, (host, hour), out _);
            place = (place.Connections + 1, place.Bytes + bytes);
        }
    }

    /// <summary>Turns ids of endpoints into the new ones; places of those that go are no longer named.</summary>
    public void Remap(EndpointRemap remap)
    {
        Dictionary<(int Host, long Hour), (long Connections, Sum Bytes)> places = [];
        foreach (var ((host, hour), sums) in _places)
        {
            if (remap.NewId(host) is >= 0 and var to)
            {
                places[(to, hour)] = sums;
            }
        }

        _places = places;
    }

    /// <summary>Says how many there are, what became of their bytes and where the most are; null when there are none.</summary>
    public string? Note(HostTable hosts, string became)
    {
        if (Connections == 0)
        {
            return null;
        }

        var named = _places
            .OrderByDescending(place => place.Value.Bytes.Value).ThenBy(place => place.Key.Hour).ThenBy(place =>
                hosts.Address(place.Key.Host))
            .Take(MaxNamed)
            .Select(place => string.Create(
                CultureInfo.InvariantCulture,
                $"{hosts.Name(place.Key.Host)} {Hour(place.Key.Hour)} ({place.Value.Connections} with {place.Value.Bytes.Value} bytes)"))
            .ToList();
        var where = named.Count == 0 ? "" : $" {(_places.Count > named.Count ? "Most" : "Seen")} at {string.Join(", ", named)}.";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Connections} connections report {Bytes.Value} bytes that a sensor made up (over 65535 payload bytes a packet: a " +
            $"sequence-number " +
            $"artefact); {became}.{where}");
    }

    private static string Hour(long hour) => TimeText.Step(hour) is { } shown
        ? $"in the hour of {shown} UTC"
        : "at an unknown time";
}
