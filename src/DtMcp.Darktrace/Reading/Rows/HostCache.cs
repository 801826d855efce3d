using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using DtMcp.Darktrace.Flows;

namespace DtMcp.Darktrace.Reading.Rows;

/// <summary>
/// Finds an endpoint by the text of its address, at most 16 bytes as two words, and its device id. It forgets: what is missing here is
/// looked up in the <see cref="HostTable"/>. Grows with what is put into it, up to 4 MiB.
/// </summary>
internal sealed class HostCache
{
    /// <summary>4,096 slots of 32 bytes: the endpoints of a small site, within the second-level cache.</summary>
    private const int FirstBits = 12;

    /// <summary>4 MiB: beyond it a slot comes from memory, and the table itself takes hardly longer.</summary>
    private const int MaxBits = 17;

    private readonly KeyedHash _hash = KeyedHash.OfProcess;
    private Slot[] _slots = Rent(FirstBits);
    private int _bits = FirstBits;
    private int _added;

    /// <summary>The words of a text of at most 16 bytes, zeros behind it. At least 16 bytes have to be readable from its start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ulong A, ulong B) Words(ReadOnlySpan<byte> text)
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        var a = Unsafe.ReadUnaligned<ulong>(ref start);
        var b = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, 8));
        return text.Length switch
        {
            >= 16 => (a, b),
            > 8 => (a, b & ((1UL << ((text.Length - 8) * 8)) - 1)),
            8 => (a, 0),
            _ => (a & ((1UL << (text.Length * 8)) - 1), 0),
        };
    }

    /// <summary>
    /// What an endpoint is looked for by, from the text of its address. Asks memory for the slots where it may be, well before they are
    /// needed: the answer comes while the rest of the row is read. A prefetch takes an address and never faults; without it reading 100 MB
    /// takes a twentieth longer.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe Key Expect(ReadOnlySpan<byte> text)
    {
        var key = KeyOf(text);
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), Place(key.Hash))));
        }

        return key;
    }

    /// <summary>The same for one that is looked up at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Key KeyOf(ReadOnlySpan<byte> text)
    {
        var (a, b) = Words(text);
        return new Key(a, b, _hash.Place(a, b));
    }

    /// <summary>The slot that holds the endpoint, or a null reference.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Slot Find(in Key key, long did)
    {
        ref var slots = ref MemoryMarshal.GetArrayDataReference(_slots);
        var at = Place(key.Hash);
        Debug.Assert((at | 1) < _slots.Length, "A slot that is not there.");
        ref var slot = ref Unsafe.Add(ref slots, at);
        if (slot.A == key.A && slot.B == key.B && slot.Did == did)
        {
            return ref slot;
        }

        slot = ref Unsafe.Add(ref slots, at ^ 1);
        return ref slot.A == key.A && slot.B == key.B && slot.Did == did ? ref slot : ref Unsafe.NullRef<Slot>();
    }

    public ref Slot Add(in Key key, long did, int id)
    {
        if (++_added > 1 << (_bits - 1) && _bits < MaxBits)
        {
            Grow();
        }

        ref var slot = ref Free(key.Hash);
        slot = new Slot { A = key.A, B = key.B, Did = did, Id = id };
        return ref slot;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        _added = 0;
    }

    /// <summary>Gives the memory back. Nothing is looked up after it.</summary>
    public void Return()
    {
        ArrayPool<Slot>.Shared.Return(_slots);
        _slots = [];
    }

    private static Slot[] Rent(int bits)
    {
        var slots = ArrayPool<Slot>.Shared.Rent(1 << bits);
        Array.Clear(slots);
        return slots;
    }

    private ref Slot Free(ulong hash)
    {
        var at = Place(hash);
        if (_slots[at].A != 0 && _slots[at ^ 1].A == 0)
        {
            return ref _slots[at ^ 1];
        }

        // The older one moves over.
        _slots[at ^ 1] = _slots[at];
        return ref _slots[at];
    }

    private int Place(ulong hash) => (int)(hash >> (64 - _bits));

    private void Grow()
    {
        var old = _slots.AsSpan(0, 1 << _bits);
        var rented = _slots;
        // Four times as much, so that it is filled anew three times at most.
        _bits = Math.Min(_bits + 2, MaxBits);
        _slots = Rent(_bits);
        _added = 0;
        foreach (var slot in old)
        {
            if (slot.A != 0)
            {
                Free(_hash.Place(slot.A, slot.B)) = slot;
                _added++;
            }
        }

        ArrayPool<Slot>.Shared.Return(rented);
    }

    /// <summary>A text's two words and their hash.</summary>
    internal readonly record struct Key(ulong A, ulong B, ulong Hash);

    internal struct Slot
    {
        public ulong A;
        public ulong B;
        public long Did;
        public int Id;

        /// <summary>Details that the table holds.</summary>
        public DeviceDetails Known;
    }
}
