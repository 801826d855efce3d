using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;

namespace DtMcp.Darktrace.Reading.Records;

/// <summary>
/// An entry as it is walked: its numbers, and where its texts stand. A text is kept among the values as its place and length.
/// </summary>
internal ref struct RecordRow
{
    /// <summary>Country and network of both ends.</summary>
    private const int MaxMarks = 4;

    private readonly ref byte _first;
    private readonly Span<DetailMark> _marks;
    private int _marked;
    private uint _seen;

    public RecordValues Values;

    /// <param name="first">The entry's opening brace.</param>
    /// <param name="marks">Room for details.</param>
    public RecordRow(ref byte first, Span<DetailMark> marks)
    {
        _first = ref first;
        _marks = marks[..MaxMarks];
        Values.Clear();
    }

    /// <summary>Whether texts among the details have escapes.</summary>
    public bool HasEscapes { get; private set; }

    public int Length { get; set; }

    public readonly ReadOnlySpan<byte> Row => MemoryMarshal.CreateReadOnlySpan(ref _first, Length);

    public readonly ReadOnlySpan<DetailMark> Marks => _marks[.._marked];

    /// <summary>Remembers a field that is wanted; false when it came before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySee(uint bit)
    {
        var isNew = (_seen & bit) == 0;
        _seen |= bit;
        return isNew;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void TakeText(RecordField field, ref byte at, int length)
    {
        if (length > 0)
        {
            Values[field] = (Unsafe.ByteOffset(ref _first, ref at) << 32) | (long)length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ReadOnlySpan<byte> Text(RecordField field) => Values[field] is var place and > 0
        ? MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _first, (nint)(place >> 32)), (int)place)
        : default;

    /// <summary>A text that may say that it is not set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ReadOnlySpan<byte> Name(RecordField field) => Text(field) is var text && RecordEntry.IsUnset(text) ? default : text;

    /// <summary>Notes a country or a network, as <see cref="RecordEntry"/> does.</summary>
    public void TakeDetail(RecordField field, ref byte at, int length, bool isEscaped)
    {
        if (!isEscaped
            && (length > RecordEntry.LongestNote || RecordEntry.IsUnset(MemoryMarshal.CreateReadOnlySpan(ref at, length))))
        {
            return;
        }

        HasEscapes |= isEscaped;
        var detail = field switch
        {
            RecordField.SourceCountry => FlowField.Source + (int)DeviceField.Country,
            RecordField.DestinationCountry => FlowField.Destination + (int)DeviceField.Country,
            RecordField.SourceAsn => FlowField.Source + (int)DeviceField.Asn,
            _ => FlowField.Destination + (int)DeviceField.Asn,
        };
        _marks[_marked++] = new DetailMark(detail, (int)Unsafe.ByteOffset(ref _first, ref at), length);
    }
}
