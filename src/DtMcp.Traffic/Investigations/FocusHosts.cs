using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// Which endpoints are the one asked about, worked out once an endpoint: by its device id or address, else by the subnet asked about.
/// </summary>
internal sealed class FocusHosts(AnalysisSettings settings)
{
    private const byte Another = 1;
    private const byte Focus = 2;

    private readonly NetAddress _address = settings.FocusAddress.IsPresent ? settings.FocusAddress
        : settings.FocusDid is null && NetAddress.TryParse(settings.Filters.Ip ?? "", out var asked) ? asked
        : NetAddress.None;

    // Per endpoint: 0 not looked at yet, 1 another, 2 the one asked about.
    private byte[] _known = new byte[1024];

    /// <summary>Whether one device, or a subnet, was asked about at all.</summary>
    public bool IsAny => IsDevice || settings.Subnet is not null;

    private bool IsDevice => settings.FocusDid is not null || _address.IsPresent;

    public bool Is(HostTable hosts, int id)
    {
        if (id >= _known.Length)
        {
            Array.Resize(ref _known, Math.Max(id + 1, _known.Length * 2));
        }

        ref var known = ref _known[id];
        if (known == 0)
        {
            known = Looks(hosts, id) ? Focus : Another;
        }

        return known == Focus;
    }

    /// <summary>Ids have changed.</summary>
    public void Forget() => Array.Clear(_known);

    // An address counts where nothing says whose it is: it may have moved from one device to another.
    private bool Looks(HostTable hosts, int id) => IsDevice
        ? (settings.FocusDid is { } did && hosts.Did(id) == did)
            || (_address.IsPresent && hosts.Address(id) == _address && (settings.FocusDid is null || hosts.Did(id) == HostTable.NoDid))
        : settings.Subnet is { } subnet && subnet.Contains(hosts.Address(id));
}
