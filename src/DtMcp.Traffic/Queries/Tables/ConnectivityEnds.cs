using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Queries.Tables;

internal enum EndKind
{
    /// <summary>Inside and no device: all of these share one entry of the appliance and cannot be told apart.</summary>
    Nameless,
    Device,
    Outside,
}

/// <summary>An end of a connection: a device by its id, a host outside by its place in <see cref="ConnectivityEnds.Outside"/>.</summary>
internal readonly record struct EndKey(EndKind Kind, long Id);

/// <summary>
/// Who is who among the ends of one answer's <c>connections[]</c>. Their ids join to <c>devices[]</c> and <c>externaldevices[]</c>; an
/// address may be missing.
/// </summary>
internal sealed class ConnectivityEnds
{
    private readonly Dictionary<long, int> _byId = new(KeyedLongs.OfProcess);
    private readonly Dictionary<string, int> _byIp = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ExternalDevice> _outside = [];
    private readonly Dictionary<long, ConnectivityDevice> _devices = new(KeyedLongs.OfProcess);

    public ConnectivityEnds(Connectivity answer)
    {
        IsBytes = ConnectivityParts.IsBytes(answer);
        foreach (var outside in answer.ExternalDevices ?? [])
        {
            Add(outside);
        }

        Listed = _outside.Count;
        foreach (var device in answer.Devices ?? [])
        {
            _devices.TryAdd(device.Did, device);
        }
    }

    /// <summary>Whether sizes are bytes.</summary>
    public bool IsBytes { get; }

    /// <summary>Hosts outside: those that the answer lists, then those that only its connections name.</summary>
    public IReadOnlyList<ExternalDevice> Outside => _outside;

    /// <summary>How many of <see cref="Outside"/> the answer lists.</summary>
    public int Listed { get; }

    public EndKey Key(ConnectionEnd end)
    {
        if (end.Type == ConnectionEndType.Device || (end.Type == ConnectionEndType.Unsaid && _devices.ContainsKey(end.Id)))
        {
            return new EndKey(EndKind.Device, end.Id);
        }

        if (end.Ip is { } ip && _byIp.TryGetValue(ip, out var place))
        {
            return new EndKey(EndKind.Outside, place);
        }

        if (end.Type != ConnectionEndType.ExternalDevice)
        {
            return new EndKey(EndKind.Nameless, 0);
        }

        if (!_byId.TryGetValue(end.Id, out place))
        {
            place = Add(new ExternalDevice(end.Id, end.Ip, null, 0, null, new HostDetails()));
        }

        return new EndKey(EndKind.Outside, place);
    }

    /// <summary>The end at an address; nameless when nothing in the answer has it.</summary>
    public EndKey Key(NetAddress address)
    {
        if (!address.IsPresent)
        {
            return new EndKey(EndKind.Nameless, 0);
        }

        if (_devices.Values.FirstOrDefault(device => device.Address == address) is { } found)
        {
            return new EndKey(EndKind.Device, found.Did);
        }

        var place = _outside.FindIndex(outside => outside.Address == address);
        return place < 0 ? new EndKey(EndKind.Nameless, 0) : new EndKey(EndKind.Outside, place);
    }

    public ConnectivityDevice? Device(EndKey key) => key.Kind == EndKind.Device ? _devices.GetValueOrDefault(key.Id) : null;

    public ExternalDevice? External(EndKey key) => key.Kind == EndKind.Outside ? _outside[(int)key.Id] : null;

    /// <summary>The bytes that the answer gives an end, of all its connections in it.</summary>
    public long? Bytes(EndKey key) => !IsBytes ? null : key.Kind switch
    {
        EndKind.Device => Device(key)?.Size,
        EndKind.Outside when key.Id < Listed => _outside[(int)key.Id].Size,
        _ => null,
    };

    private int Add(ExternalDevice outside)
    {
        var place = _outside.Count;
        _outside.Add(outside);
        if (outside.Id is { } id)
        {
            _byId.TryAdd(id, place);
        }

        if (outside.Ip is { } ip)
        {
            _byIp.TryAdd(ip, place);
        }

        return place;
    }
}
