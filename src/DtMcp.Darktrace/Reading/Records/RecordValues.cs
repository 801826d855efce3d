using System.Runtime.CompilerServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Records;

/// <summary>
/// The numbers of one entry, by <see cref="RecordField"/>: times and durations in milliseconds, sizes, ports, sides as 1 (local) and 0,
/// states as <see cref="FlowTraits"/>. What an entry does not say is <see cref="Unset"/>.
/// </summary>
[InlineArray(Count)]
internal struct RecordValues
{
    /// <summary>More than there are fields, and whole vectors.</summary>
    public const int Count = 32;

    public const long Unset = long.MinValue;

#pragma warning disable IDE0044, IDE0051 // An inline array is its first element.
    private long _first;
#pragma warning restore IDE0044, IDE0051

    public long this[RecordField field]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly get => this[(int)field];

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => this[(int)field] = value;
    }

    /// <summary>
    /// The connection's own start: <c>start_ts</c>, else <c>epochdate</c>, else <c>ts</c>, else the first column of <c>@message</c>.
    /// </summary>
    public readonly long Start
    {
        get
        {
            for (var start = RecordField.StartTs; start <= RecordField.Message; start++)
            {
                if (this[start] != Unset)
                {
                    return this[start];
                }
            }

            return Unset;
        }
    }

    /// <summary>Payload that a sensor did not see, by gaps in the sequence numbers.</summary>
    public readonly long Missed =>
        Math.Min(Math.Max(this[RecordField.MissedSent], 0) + Math.Max(this[RecordField.MissedReceived], 0), JsonScalar.LargestSize);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Clear() => ((Span<long>)this).Fill(Unset);

    /// <summary>A size, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly long? Size(RecordField field) => this[field] is var size and >= 0 ? size : null;

    /// <summary>What the entry says of a side, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool? IsLocal(RecordField field) => this[field] is var said and >= 0 ? said != 0 : null;
}
