using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Rows;

/// <summary>
/// Finds a name's id by its text of at most 16 bytes; it forgets. What is missing here is looked up in the <see cref="NameTable"/>.
/// </summary>
internal sealed class NameCache(NameTable names)
{
    // 256 slots, a byte of the hash: names of protocols are some dozens.
    private readonly KeyedHash _hash = KeyedHash.OfProcess;
    private readonly (ulong A, ulong B, ushort Id)[] _slots = new (ulong, ulong, ushort)[256];

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
        ref var slot = ref _slots[(byte)(_hash.Place(a, b) >> 56)];
        if (slot.A != a || slot.B != b)
        {
            slot = (a, b, names.GetOrAdd(name));
        }

        return slot.Id;
    }
}
