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
    private const int UnknownHour = int.MinValue;

    // Beyond these only the places known so far go on counting.
    private const int MaxPlaces = 10_000;

    private Dictionary<long, (long Connections, Sum Bytes)> _places = [];

    public long Connections { get; private set; }

    public Sum Bytes { get; private set; }

    public void Add(FlowSet flows, FlowChunk chunk, int i, Sides sides)
    {
        var (source, destination, bytes, start) = (chunk.Source[i], chunk.Destination[i], chunk.Bytes[i], chunk.Start(i));
        Connections++;
        Bytes += bytes;
        var host = !sides.IsDevice(flows.Hosts, source) && sides.IsDevice(flows.Hosts, destination) ? destination : source;
        var hour = start == FlowChunk.UnknownStart ? UnknownHour : (int)Math.Floor((double)start / HourMs);
        var key = Key(host, hour);
        if (_places.Count < MaxPlaces || _places.ContainsKey(key))
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, key, out _);
            place = (place.Connections + 1, place.Bytes + bytes);
        }
    }

    /// <summary>Turns ids of endpoints into the new ones; places of those that go are no longer named.</summary>
    public void Remap(EndpointRemap remap)
    {
        Dictionary<long, (long Connections, Sum Bytes)> places = [];
        foreach (var (key, sums) in _places)
        {
            if (remap.NewId(Host(key)) is >= 0 and var to)
            {
                places[Key(to, HourOf(key))] = sums;
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
            .OrderByDescending(place => place.Value.Bytes.Value).ThenBy(place => HourOf(place.Key))
            .ThenBy(place => hosts.Address(Host(place.Key)))
            .Take(MaxNamed)
            .Select(place => string.Create(
                CultureInfo.InvariantCulture,
                $"{hosts.Name(Host(place.Key))} {Hour(HourOf(place.Key))} " +
                $"({place.Value.Connections} with {place.Value.Bytes.Value} bytes)"))
            .ToList();
        var where = named.Count == 0 ? "" : $" {(_places.Count > named.Count ? "Most" : "Seen")} at {string.Join(", ", named)}.";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Connections} connections report {Bytes.Value} bytes that a sensor made up (over 65535 payload bytes a packet: a " +
            $"sequence-number " +
            $"artefact); {became}.{where}");
    }

    // A place is an endpoint and an hour since 1970, in one number: such keys are found twice as fast as pairs.
    private static long Key(int host, int hour) => ((long)host << 32) | (uint)hour;

    private static int Host(long key) => (int)(key >> 32);

    private static int HourOf(long key) => (int)key;

    private static string Hour(int hour) => hour != UnknownHour && TimeText.Step(hour * HourMs) is { } shown
        ? $"in the hour of {shown} UTC"
        : "at an unknown time";
}
