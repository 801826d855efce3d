using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Evidence;

/// <summary>A device that has an address, or had it until then.</summary>
internal readonly record struct Holder(long Did, NetAddress Address, long? LastSeenMs, bool IsPresent, HostDetails Details);

/// <summary>The devices of an estate by their addresses, in little memory: what naming needs of them, and no more.</summary>
internal sealed class DeviceList
{
    /// <summary>Most bytes of one list: some two million devices.</summary>
    public const long MaxBytes = 512L << 20;

    private const int BytesOfClaim = 64;
    private const int BytesOfDevice = 48;

    private readonly List<Entry> _devices = [];
    private readonly List<Claim> _claims = [];
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);
    private bool _isSorted = true;

    public static DeviceList Empty { get; } = new();

    /// <summary>Bytes of memory.</summary>
    public long Size { get; private set; }

    /// <summary>Devices that had no room.</summary>
    public long LeftOut { get; private set; }

    public int Count => _devices.Count;

    public void Add(Device device)
    {
        if (device.Addresses.Count == 0)
        {
            return;
        }

        if (Size > MaxBytes)
        {
            LeftOut++;
            return;
        }

        var (details, number) = (device.Details, _devices.Count);
        _devices.Add(new Entry(
            device.Did, device.OtherIds.Count == 0 ? device.Did : Math.Min(device.Did, device.OtherIds.Min()),
            details.LastSeen ?? long.MinValue,
            details.Hostname, details.DeviceLabel, Word(details.Type), Word(details.Os)));
        Size += BytesOfDevice + KeptNames.BytesOf(details.Hostname) + KeptNames.BytesOf(details.DeviceLabel);
        foreach (var address in device.Addresses)
        {
            if (address.Address.IsPresent)
            {
                _claims.Add(new Claim(address.Address, number, address.LastSeenMs, address.IsPresent));
                Size += BytesOfClaim;
            }
        }

        _isSorted = false;
    }

    /// <summary>Ends the adding. Only then holders are asked for, by many at once.</summary>
    public void Sort()
    {
        if (!_isSorted)
        {
            _claims.Sort((a, b) => a.Address.CompareTo(b.Address) is var order and not 0 ? order : a.Device.CompareTo(b.Device));
            _words.Clear();
            _isSorted = true;
        }
    }

    /// <summary>Every address that a device may have had in a window that starts then, with its holders: those that count, and those
    /// that had it before them.</summary>
    public IEnumerable<(NetAddress Address, List<Holder> Holders, List<Holder> Earlier)> Held(long startMs)
    {
        for (var first = 0; first < _claims.Count;)
        {
            var end = first + 1;
            while (end < _claims.Count && _claims[end].Address == _claims[first].Address)
            {
                end++;
            }

            var (holders, earlier) = Judge(first, end, startMs);
            if (holders.Count > 0)
            {
                yield return (_claims[first].Address, holders, earlier);
            }

            first = end;
        }
    }

    /// <summary>The holders of one address that count.</summary>
    public List<Holder> HoldersOf(NetAddress address, long startMs)
    {
        var first = FirstOf(address);
        var end = first;
        while (end < _claims.Count && _claims[end].Address == address)
        {
            end++;
        }

        return Judge(first, end, startMs).Holders;
    }

    private int FirstOf(NetAddress address)
    {
        var (low, high) = (0, _claims.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = _claims[middle].Address.CompareTo(address) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    // The device that has the address now wins; one that two masters see is one.
    private (List<Holder> Holders, List<Holder> Earlier) Judge(int first, int end, long startMs)
    {
        List<Holder> holders = [], earlier = [];
        HashSet<long>? known = null;
        for (var presents = true; ; presents = false)
        {
            for (var i = first; i < end; i++)
            {
                var claim = _claims[i];
                var device = _devices[claim.Device];
                if (claim.IsPresent != presents || !new HeldAddress("", claim.LastSeenMs, claim.IsPresent).MayHoldSince(startMs))
                {
                    continue;
                }

                if (end - first == 1 || (known ??= []).Add(device.Identity))
                {
                    (presents || holders is not [{ IsPresent: true }, ..] ? holders : earlier).Add(HolderOf(claim, device));
                }
            }

            if (!presents)
            {
                break;
            }
        }

        if (holders.Count > 1)
        {
            holders.Sort((a, b) => (b.Details.LastSeen ?? 0).CompareTo(a.Details.LastSeen ?? 0) is var order and not 0 ? order
                : a.Did.CompareTo(b.Did));
        }

        return (holders, earlier);
    }

    private static Holder HolderOf(Claim claim, Entry device) => new(
        device.Did, claim.Address, claim.LastSeenMs, claim.IsPresent,
        new HostDetails
        {
            Hostname = device.Hostname,
            DeviceLabel = device.Label,
            Type = device.Type,
            Os = device.Os,
            LastSeen = device.LastSeenMs == long.MinValue ? null : device.LastSeenMs,
        });

    // Types and systems are few.
    private string? Word(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (!_words.TryGetValue(text, out var known))
        {
            Size += KeptNames.BytesOf(text);
            _words[text] = known = text;
        }

        return known;
    }

    private readonly record struct Entry(long Did, long Identity, long LastSeenMs, string? Hostname, string? Label, string? Type,
        string? Os);

    private readonly record struct Claim(NetAddress Address, int Device, long? LastSeenMs, bool IsPresent);
}
