using System.Runtime.CompilerServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Counting;

/// <summary>
/// Which endpoints are inside, worked out once an endpoint, and the direction of a connection: what its row says, else external when either
/// end is outside.
/// </summary>
internal sealed class Sides(InternalRanges ranges)
{
    private const byte Known = 1;
    private const byte Inside = 2;
    private const byte Device = 4;

    private byte[] _sides = new byte[1024];

    public bool IsInside(HostTable hosts, int id) => (Of(hosts, id) & Inside) != 0;

    /// <summary>Whether the appliance would model the endpoint as a device.</summary>
    public bool IsDevice(HostTable hosts, int id) => (Of(hosts, id) & Device) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsExternal(HostTable hosts, FlowTraits traits, int source, int destination) =>
        (traits & (FlowTraits.MarkedExternal | FlowTraits.MarkedInternal)) switch
        {
            FlowTraits.MarkedExternal => true,
            FlowTraits.MarkedInternal => false,
            _ => (Of(hosts, source) & Of(hosts, destination) & Inside) == 0,
        };

    /// <summary>
    /// Whether an external connection goes out: its destination is outside. An endpoint known by a name only has no address to judge by: it
    /// is outside when the row says that the connection is external and it has no device id.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool GoesOut(HostTable hosts, int destination) =>
        !IsInside(hosts, destination) || (!hosts.Address(destination).IsPresent && hosts.Did(destination) == HostTable.NoDid);

    /// <summary>Ids have changed.</summary>
    public void Forget() => Array.Clear(_sides);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte Of(HostTable hosts, int id) =>
        (uint)id < (uint)_sides.Length && _sides[id] is not 0 and var side ? side : Learn(hosts, id);

    private byte Learn(HostTable hosts, int id)
    {
        if (id >= _sides.Length)
        {
            Array.Resize(ref _sides, Math.Max(id + 1, _sides.Length * 2));
        }

        var address = hosts.Address(id);
        var side = Known;
        side |= ranges.Contains(hosts, id) ? Inside : (byte)0;
        side |= address.IsPresent ? (ranges.IsDevice(hosts, id) ? Device : (byte)0) : (hosts.Did(id) != HostTable.NoDid ? Device : (byte)0);
        return _sides[id] = side;
    }
}
