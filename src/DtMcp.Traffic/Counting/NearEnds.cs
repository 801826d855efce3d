using System.Runtime.CompilerServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Counting;

/// <summary>
/// Which endpoints a question is about, worked out once an endpoint: the device asked about, else those in the subnet asked about, else all
/// that the appliance models as devices.
/// </summary>
internal sealed class NearEnds(AnalysisSettings settings, Sides sides)
{
    private const byte No = 1;
    private const byte Yes = 2;

    private byte[] _known = new byte[1024];

    private readonly NetAddress _address = settings.FocusAddress.IsPresent ? settings.FocusAddress
        : settings.FocusDid is null && settings.Filters.Ip is { } asked ? asked
        : NetAddress.None;

    /// <summary>Whether one device is asked about.</summary>
    public bool IsOneDevice => settings.FocusDid is not null || _address.IsPresent;

    /// <summary>Whether one device, or a subnet, is asked about.</summary>
    public bool IsAsked => IsOneDevice || settings.Subnet is not null;

    /// <summary>An endpoint that is the device asked about and came by; -1 when none has.</summary>
    public int First { get; private set; } = -1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(HostTable hosts, int id) =>
        (uint)id < (uint)_known.Length && _known[id] is not 0 and var known ? known == Yes : Learn(hosts, id);

    /// <summary>The device asked about must not be evicted.</summary>
    public void Weigh(EndpointWeights weights)
    {
        for (var id = 0; IsOneDevice && id < Math.Min(_known.Length, weights.Count); id++)
        {
            if (_known[id] == Yes)
            {
                weights.Pin(id);
            }
        }
    }

    public void Remap(EndpointRemap remap)
    {
        Array.Clear(_known);
        First = First < 0 ? -1 : remap.NewId(First);
    }

    private bool Learn(HostTable hosts, int id)
    {
        if (id >= _known.Length)
        {
            Array.Resize(ref _known, Math.Max(id + 1, _known.Length * 2));
        }

        var isNear = IsNear(hosts, id);
        _known[id] = isNear ? Yes : No;
        First = isNear && First < 0 ? id : First;
        return isNear;
    }

    private bool IsNear(HostTable hosts, int id)
    {
        if (!IsOneDevice)
        {
            return settings.Subnet is { } subnet ? subnet.Contains(hosts.Address(id)) : sides.IsDevice(hosts, id);
        }

        // An endpoint without a device id may be the device by its address; one with another id had that address at another time.
        var isAddress = _address.IsPresent && hosts.Address(id) == _address;
        return settings.FocusDid is { } asked ? hosts.Did(id) == asked || (hosts.Did(id) == HostTable.NoDid && isAddress) : isAddress;
    }
}
