using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Values;
using static DtMcp.Darktrace.Reading.Records.RecordSteps;

namespace DtMcp.Darktrace.Reading.Records;

/// <summary>
/// Reads runs of entries at several times the speed of <see cref="RecordEntry"/>, which stays the reference, as
/// <see cref="Rows.TemplateRowReader"/> does with rows: literals between values are compared, a vector at a time, with those learned;
/// values are taken straight from the bytes. Nothing is assumed: every byte is compared or scanned. What differs (an unknown key, a value
/// of another type, an escape in a name, a field that comes twice, no start) stops the run at the end of the last whole entry; the general
/// reader takes the next, and its steps are learned. Zeros behind the text (<see cref="JsonWindow.Padding"/>) match no literal, end no text
/// and no number, so nothing here counts bytes.
/// </summary>
internal sealed class RecordRunReader(RecordWriter writer, RecordSteps steps)
{
    private readonly DetailMark[] _marks = new DetailMark[8];

    /// <summary>Takes the steps of an entry that the general reader has read.</summary>
    public void Learn(ReadOnlySpan<byte> entry)
    {
        if (steps.WantsMore)
        {
            steps.Learn(entry);
        }
    }

    /// <summary>
    /// Reads entries, each with the comma before it, from text that begins behind an entry; returns the bytes and the number of those
    /// taken.
    /// </summary>
    public (int Bytes, int Entries) Read(ReadOnlySpan<byte> text)
    {
        JsonWindow.AssertPadded(text);
        ref var start = ref MemoryMarshal.GetReference(text);
        ref var at = ref start;
        ref var done = ref start;
        var entries = 0;
        while (true)
        {
            at = ref JsonScan.Blank(ref at);
            if (at != ',')
            {
                break;
            }

            at = ref JsonScan.Blank(ref Unsafe.Add(ref at, 1));
            var row = new RecordRow(ref at, _marks);
            if (!TryWalk(ref at, ref row) || !writer.TryWrite(in row))
            {
                break;
            }

            at = ref Unsafe.Add(ref at, row.Length);
            done = ref at;
            entries++;
        }

        return ((int)Unsafe.ByteOffset(ref start, ref done), entries);
    }

    private bool TryWalk(ref byte first, scoped ref RecordRow row)
    {
        ref var all = ref MemoryMarshal.GetReference(steps.Steps);
        ref var literals = ref MemoryMarshal.GetReference(steps.Text);
        ref var at = ref first;
        var before = Root;
        while (true)
        {
            ref var last = ref Unsafe.Add(ref all, before);
            var next = last.Next;
            ref var step = ref Unsafe.Add(ref all, next);
            if (!JsonScan.Matches(ref at, ref Unsafe.Add(ref literals, step.Offset), step.Length))
            {
                next = last.Other;
                step = ref Unsafe.Add(ref all, next);
                if (!JsonScan.Matches(ref at, ref Unsafe.Add(ref literals, step.Offset), step.Length))
                {
                    next = steps.Find(before, ref at);
                    if (next == None)
                    {
                        return false;
                    }

                    step = ref Unsafe.Add(ref all, next);
                }
            }

            if (step.Kind == StepKind.End)
            {
                row.Length = (int)Unsafe.ByteOffset(ref first, ref at) + step.Length;
                return true;
            }

            ref var value = ref Unsafe.Add(ref at, step.Length);
            if (!row.TrySee(step.Seen))
            {
                return false;
            }

            var length = Take(in step, ref value, ref row);
            if (length == 0)
            {
                // An object or array where a value was: its opening is a part of another step.
                if (value is not ((byte)'{' or (byte)'[') || steps.Find(before, ref at) is not (> None and var other) || other == next)
                {
                    return false;
                }

                next = other;
                step = ref Unsafe.Add(ref all, next);
                value = ref Unsafe.Add(ref at, step.Length);
                if (step.Kind == StepKind.End || !row.TrySee(step.Seen) || (length = Take(in step, ref value, ref row)) == 0)
                {
                    return false;
                }
            }

            at = ref Unsafe.Add(ref value, length);
            before = next;
        }
    }

    // The length of the value, 0 when it is not to be taken here.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Take(in Step step, ref byte at, scoped ref RecordRow row)
    {
        if (at != '"')
        {
            return TakeNumber(in step, ref at, ref row);
        }

        ref var text = ref Unsafe.Add(ref at, 1);
        int length;
        if (step.Kind == StepKind.Skipped)
        {
            length = JsonScan.EscapedTextLength(ref text, out _);
            return length + 2 is var whole and > 1 ? whole : 0;
        }

        if (step.Kind == StepKind.Detail)
        {
            length = JsonScan.EscapedTextLength(ref text, out var isEscaped);
            if (length < 0)
            {
                return 0;
            }

            row.TakeDetail(step.Field, ref text, length, isEscaped);
            return length + 2;
        }

        if (step.Kind is StepKind.Whole or StepKind.Seconds)
        {
            // A number as text.
            length = TakeNumber(in step, ref text, ref row);
            return length > 0 && text is >= (byte)'0' and <= (byte)'9' && Unsafe.Add(ref text, length) == '"' ? length + 2 : 0;
        }

        length = JsonScan.TextLength(ref text);
        if (length < 0)
        {
            return 0;
        }

        switch (step.Kind)
        {
            case StepKind.Ip:
                row.TakeText(step.Field, ref text, length);
                writer.Expect(MemoryMarshal.CreateReadOnlySpan(ref text, Math.Min(length, 16)));
                break;
            case StepKind.Name:
                row.TakeText(step.Field, ref text, length);
                break;
            case StepKind.State:
                var state = MemoryMarshal.CreateReadOnlySpan(ref text, length);
                row.Values[step.Field] = RecordEntry.IsUnset(state) ? RecordValues.Unset : (long)FlowFlags.Of(state);
                break;
            default:
                row.Values[step.Field] = RecordEntry.IsLocal(MemoryMarshal.CreateReadOnlySpan(ref text, length)) is { } isLocal
                    ? isLocal ? 1 : 0
                    : RecordValues.Unset;
                break;
        }

        return length + 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TakeNumber(in Step step, ref byte at, scoped ref RecordRow row)
    {
        int length;
        long value;
        switch (step.Kind)
        {
            case StepKind.Skipped:
                length = JsonDigits.SkippedLength(ref at);
                return length != 0 ? length : JsonScan.WordLength(ref at);
            case StepKind.Whole:
                length = JsonDigits.WholeLength(ref at, out value);
                if (length != 0)
                {
                    row.Values[step.Field] = value;
                    return (ulong)value <= (ulong)step.Most ? length : 0;
                }

                break;
            case StepKind.Seconds:
                length = JsonDigits.SecondsLength(ref at, out value);
                if (length != 0)
                {
                    row.Values[step.Field] = value;
                    return JsonScalar.IsTime(value) || step.Field == RecordField.Duration ? length : 0;
                }

                break;
            case StepKind.Side:
                length = JsonScan.WordLength(ref at);
                row.Values[step.Field] = at switch { (byte)'t' => 1, (byte)'f' => 0, _ => RecordValues.Unset };
                return length;
            default:
                // A number where a text is meant.
                break;
        }

        return JsonScan.WordLength(ref at);
    }
}
