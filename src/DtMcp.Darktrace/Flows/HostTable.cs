using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Flows;

/// <summary>
/// The endpoints of a set of connections as ids from 0 up. An endpoint is its address and device id: an address that moved from one device
/// to another is two. One without an address is its device id, else its name; a row that says no device id means the first endpoint of the
/// address. Flat: 42 to 58 bytes an endpoint beside its details.
/// Any number may read at once while nobody adds; while one adds, only addresses, device ids and names of endpoints that were there before.
/// </summary>
public sealed partial class HostTable
{
    private readonly KeyedHash _hash;
    private readonly Dictionary<long, int> _byDid;
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, string> _names = [];
    private readonly Dictionary<int, HostDetails> _details = [];
    private readonly Dictionary<DeviceAddress, int> _byDeviceAddress;
    private readonly HostNotes _notes = new();
    private UInt128[] _bits = new UInt128[64];
    private bool[] _hasAddress = new bool[64];
    private long[] _dids = new long[64];
    private byte[] _sides = new byte[64];

    // Ids of addresses by hash: 32 bits of the hash, then the id plus 1; 0 is free. At most half full.
    private ulong[] _byAddress = new ulong[256];

    // What rows say of an endpoint's side; 0 while none does.
    private const byte ReportedIn = 1;
    private const byte ReportedOut = 2;

    private int _unknown = -1;
    private int _count;

    public HostTable()
        : this(KeyedHash.OfProcess)
    {
    }

    internal HostTable(KeyedHash hash)
    {
        _hash = hash;
        _byDid = new Dictionary<long, int>(new KeyedLongs(hash));
        _byDeviceAddress = new Dictionary<DeviceAddress, int>(new KeyedDeviceAddresses(hash));
    }

    /// <summary>The device id of an endpoint that has none. Real ids may be negative.</summary>
    public const long NoDid = long.MinValue;

    public int Count { get => Volatile.Read(ref _count); private set => Volatile.Write(ref _count, value); }

    /// <summary>Grows by one whenever ids change (<see cref="Remap"/>): whoever remembers ids forgets them then.</summary>
    public int Generation { get; private set; }

    public NetAddress Address(int id) => _hasAddress[Known(id)] ? NetAddress.FromBits(_bits[id]) : NetAddress.None;

    public long Did(int id) => _dids[Known(id)];

    public HostDetails? Details(int id)
    {
        var known = _details.GetValueOrDefault(id);
        return _notes.Read(id) is not { } noted ? known : known is null ? noted : known.FilledFrom(noted);
    }

    /// <summary>What to call the endpoint: its address, else its name, else <c>did N</c>.</summary>
    public string Name(int id)
    {
        if (Address(id) is { IsPresent: true } address)
        {
            return address.ToString();
        }

        return _names.GetValueOrDefault(id)
            ?? (_dids[id] != NoDid ? string.Create(CultureInfo.InvariantCulture, $"did {_dids[id]}") : "unknown");
    }

    /// <summary>
    /// The id of an endpoint, new or known. An unknown <paramref name="did"/> is <see cref="NoDid"/>; <paramref name="name"/> counts only
    /// without an address and a device id.
    /// </summary>
    public int GetOrAdd(NetAddress address, long did, string? name = null)
    {
        if (address.IsPresent)
        {
            return GetOrAdd(address, did);
        }

        if (did != NoDid)
        {
            return _byDid.TryGetValue(did, out var byDid) ? byDid : _byDid[did] = Add(default, did);
        }

        if (name is null)
        {
            return _unknown < 0 ? _unknown = Add(default, NoDid) : _unknown;
        }

        return Named(name);
    }

    /// <summary>The first endpoint of an address.</summary>
    public bool TryGet(NetAddress address, out int id)
    {
        id = address.IsPresent ? (int)_byAddress[Slot(address, Hash(address))] - 1 : -1;
        return id >= 0;
    }

    /// <summary>Remembers the device id of a known endpoint; one that it has already stays.</summary>
    public void NoteDid(int id, long did)
    {
        if (Did(id) == NoDid)
        {
            _dids[id] = did;
        }
    }

    /// <summary>Whether the appliance holds the endpoint for one of its own; null when no row says.</summary>
    public bool? ReportedInside(int id) => _sides[Known(id)] switch { ReportedIn => true, ReportedOut => false, _ => null };

    /// <summary>Keeps what a row says of it; what was said first stays.</summary>
    public void NoteSide(int id, bool isInside)
    {
        if (_sides[Known(id)] == 0)
        {
            _sides[id] = isInside ? ReportedIn : ReportedOut;
        }
    }

    /// <summary>Keeps what an answer says of an endpoint; what was known before stays.</summary>
    public void Describe(int id, HostDetails details)
    {
        if (HasRoom(details.Size))
        {
            Keep(id, Details(id)?.FilledFrom(details) ?? details);
        }
    }

    /// <summary>The same from text as it came, which becomes strings only when somebody asks.</summary>
    internal void Describe(int id, ReadOnlySpan<byte> row, ReadOnlySpan<DetailMark> marks, FlowField side)
    {
        if (_details.ContainsKey(id) || _notes.Has(id))
        {
            Describe(id, HostNotes.Read(row, marks, side));
        }
        else if (HasRoom(HostNotes.BytesOf(marks, side)))
        {
            _notes.Add(id, row, marks, side);
        }
    }

    /// <summary>Asks memory for the slot where an address may be, which is looked up soon. It takes an address and never faults.</summary>
    internal unsafe void Expect(NetAddress address)
    {
        if (Sse.IsSupported)
        {
            ref var slots = ref MemoryMarshal.GetArrayDataReference(_byAddress);
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref slots, FirstSlot(Hash(address), _byAddress.Length - 1))));
        }
    }

    /// <summary>Adds an endpoint of another table with all that is known of it.</summary>
    internal int Adopt(HostTable other, int otherId)
    {
        var address = other.Address(otherId);
        var id = GetOrAdd(address, other._dids[otherId], address.IsPresent ? null : other._names.GetValueOrDefault(otherId));
        if (other.ReportedInside(otherId) is { } isInside)
        {
            NoteSide(id, isInside);
        }

        var note = other._notes.Note(otherId);
        if (!note.IsEmpty && !other._details.ContainsKey(otherId))
        {
            Describe(id, other, otherId, note);
        }
        else if (other.Details(otherId) is { } details)
        {
            Describe(id, details);
        }

        return id;
    }

    // Page after page says the same of an endpoint.
    private void Describe(int id, HostTable other, int otherId, ReadOnlySpan<byte> note)
    {
        var known = _notes.Note(id);
        if (known.IsEmpty && !_details.ContainsKey(id))
        {
            if (HasRoom(note.Length))
            {
                _notes.Add(id, note);
            }
        }
        else if (!known.SequenceEqual(note))
        {
            Describe(id, other.Details(otherId)!);
        }
    }

    /// <summary>Forgets all endpoints, and keeps the memory.</summary>
    internal void Clear()
    {
        Count = 0;
        _byDid.Clear();
        _byName.Clear();
        _names.Clear();
        _details.Clear();
        _byDeviceAddress.Clear();
        _notes.Clear();
        Array.Clear(_byAddress);
        _unknown = -1;
        ClearBounds();
    }

    private int GetOrAdd(NetAddress address, long did)
    {
        var hash = Hash(address);
        var slot = Slot(address, hash);
        var id = (int)_byAddress[slot] - 1;
        if (id < 0)
        {
            id = Add(address, did);
            _byAddress[slot] = ((ulong)hash << 32) | (uint)(id + 1);
            if (Count > _byAddress.Length / 2)
            {
                Rehash();
            }
        }
        else if (did != NoDid && _dids[id] != did)
        {
            return OfDevice(id, address, did);
        }

        return id;
    }

    // The address is known, by another device's rows or by rows that say none.
    private int OfDevice(int first, NetAddress address, long did)
    {
        if (_dids[first] == NoDid)
        {
            _dids[first] = did;
            return first;
        }

        var key = new DeviceAddress(address.Bits, did);
        return _byDeviceAddress.TryGetValue(key, out var id) ? id : _byDeviceAddress[key] = Add(address, did);
    }

    private uint Hash(NetAddress address) => (uint)(_hash.Of((ulong)(address.Bits >> 64), (ulong)address.Bits) >> 32);

    // The slot that holds the address, or the free one where it belongs.
    private int Slot(NetAddress address, uint hash)
    {
        var mask = _byAddress.Length - 1;
        var slot = FirstSlot(hash, mask);
        while (_byAddress[slot] is var entry && entry != 0 && ((uint)(entry >> 32) != hash || _bits[(int)entry - 1] != address.Bits))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    // By the hash's upper bits, which are mixed best.
    private static int FirstSlot(uint hash, int mask) => (int)(hash >> BitOperations.LeadingZeroCount((uint)mask));

    private void Rehash()
    {
        var old = _byAddress;
        _byAddress = new ulong[old.Length * 4];
        var mask = _byAddress.Length - 1;
        foreach (var entry in old)
        {
            if (entry != 0)
            {
                var slot = FirstSlot((uint)(entry >> 32), mask);
                while (_byAddress[slot] != 0)
                {
                    slot = (slot + 1) & mask;
                }

                _byAddress[slot] = entry;
            }
        }
    }

    /// <summary>The most slots that looking an address of the table up has to pass.</summary>
    internal int LongestProbe()
    {
        var (mask, longest) = (_byAddress.Length - 1, 0);
        for (var slot = 0; slot <= mask; slot++)
        {
            if (_byAddress[slot] is var entry && entry != 0)
            {
                longest = Math.Max(longest, (slot - FirstSlot((uint)(entry >> 32), mask)) & mask);
            }
        }

        return longest;
    }

    private int Add(NetAddress address, long did)
    {
        if (Count == _dids.Length)
        {
            Array.Resize(ref _bits, Count * 2);
            Array.Resize(ref _hasAddress, Count * 2);
            Array.Resize(ref _dids, Count * 2);
            Array.Resize(ref _sides, Count * 2);
        }

        (_bits[Count], _hasAddress[Count], _dids[Count], _sides[Count]) = (address.Bits, address.IsPresent, did, 0);
        return Count++;
    }

    private int Known(int id) => (uint)id < (uint)Count ? id : throw new ArgumentOutOfRangeException(nameof(id));
}
