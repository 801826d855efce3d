using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Rows;

/// <summary>
/// Finds a name's id by its text of at most 16 bytes; it forgets. What is missing here is looked up in the <see cref="NameTable"/>.
/// </summary>
internal sealed class NameCache(NameTable names)
{
    // Names of protocols are some dozens, of which a handful is common: by which of 1,024 slots they get, hardly two of these meet.
    private const int Bits = 10;

    private readonly KeyedHash _hash = KeyedHash.OfProcess;
    private readonly (ulong A, ulong B, ushort Id)[] _slots = new (ulong, ulong, ushort)[1 << Bits];

    /// <summary>The id of an unescaped text in a window.</summary>
    public ushort Get(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return NameTable.UnknownId;
        }

        if (name.Length > 16)
        {
            return name.Length <= JsonScalar.LongestText ? names.GetOrAdd(name) : names.GetOrAdd(JsonScalar.Text(name, false).AsSpan());
        }

        var (a, b) = HostCache.Words(name);
        var at = (int)(_hash.Place(a, b) >> (64 - Bits));
        ref var slot = ref _slots[at];
        return slot.A == a && slot.B == b ? slot.Id : Second(name, a, b, at);
    }

    // Two names that share a place keep one slot each; the older of three goes.
    private ushort Second(ReadOnlySpan<byte> name, ulong a, ulong b, int at)
    {
        ref var second = ref _slots[at ^ 1];
        if (second.A == a && second.B == b)
        {
            return second.Id;
        }

        second = _slots[at];
        return (_slots[at] = (a, b, names.GetOrAdd(name))).Id;
    }
}
