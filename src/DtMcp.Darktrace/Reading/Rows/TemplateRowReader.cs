using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using static DtMcp.Darktrace.Reading.Rows.RowTemplates;

namespace DtMcp.Darktrace.Reading.Rows;

/// <summary>
/// Reads runs of rows at several times the speed of <see cref="FlowRowParser"/>, which stays the reference. The idea: an appliance repeats
/// one shape row after row, so nearly all of a row is known beforehand.
/// <list type="number">
/// <item>The general reader reads a row and notes where its values stand. The literal text between them (braces, keys, colons, commas,
/// quotes) is kept as a path of <see cref="RowTemplates"/>; other shapes branch off.</item>
/// <item>From then on a row is walked along that tree: compare the next literal, a vector at a time; take the value behind it; go on to the
/// literal that followed it last time. Nothing is assumed: every byte of a row is compared or scanned.</item>
/// <item>Whatever differs (an unknown key, an escape, a fraction where none was, a value of another type, the window's end) stops the run
/// at the end of the last whole row. The general reader takes the next row, its shape is learned, the run goes on.</item>
/// </list>
/// Values become numbers, and texts become ids by their first 16 bytes as two words (<see cref="HostCache"/>), only when the row is whole.
/// Zeros behind the text (<see cref="JsonWindow.Padding"/>) match no literal, end no text and no number, so nothing here counts bytes.
/// </summary>
internal sealed class TemplateRowReader(FlowWriter writer)
{
    /// <summary>Details of both ends of one row: a dozen each, and some tags. A row with more goes to the general reader.</summary>
    private const int MaxMarks = 64;

    private readonly RowTemplates _shapes = new();
    private readonly DetailMark[] _marks = new DetailMark[MaxMarks];
    private int _marked;

    public void Learn(ReadOnlySpan<byte> text, RowTrace trace) => _shapes.Learn(text, trace);

    /// <summary>
    /// Reads rows, each with the comma before it, from text that begins behind a row; returns the bytes of the rows taken.
    /// </summary>
    public int Read(ReadOnlySpan<byte> text)
    {
        JsonWindow.AssertPadded(text);
        ref var start = ref MemoryMarshal.GetReference(text);
        ref var at = ref start;
        ref var done = ref start;
        while (true)
        {
            at = ref JsonScan.Blank(ref at);
            if (at != ',')
            {
                break;
            }

            at = ref JsonScan.Blank(ref Unsafe.Add(ref at, 1));
            var row = new TemplateRow();
            ref var first = ref at;
            _marked = 0;
            at = ref Walk(ref at, ref row);
            if (Unsafe.IsNullRef(ref at)
                || !TryWrite(in row, MemoryMarshal.CreateReadOnlySpan(ref first, (int)Unsafe.ByteOffset(ref first, ref at))))
            {
                break;
            }

            done = ref at;
            Debug.Assert(Unsafe.ByteOffset(ref start, ref done) <= text.Length, "A row that ends behind the text.");
        }

        return (int)Unsafe.ByteOffset(ref start, ref done);
    }

    // Returns the byte behind the row, or a null reference when it is not of a known shape.
    private ref byte Walk(ref byte at, scoped ref TemplateRow row)
    {
        ref var steps = ref MemoryMarshal.GetReference(_shapes.Steps);
        ref var literals = ref MemoryMarshal.GetReference(_shapes.Text);
        ref var first = ref at;
        var next = _shapes.First;
        while (next != None)
        {
            _shapes.AssertReadable(next);
            ref var step = ref Unsafe.Add(ref steps, next);
            if (!JsonScan.Matches(ref at, ref Unsafe.Add(ref literals, step.Offset), step.Length))
            {
                next = step.Sibling;
                continue;
            }

            at = ref Unsafe.Add(ref at, step.Length);
            if (step.Words.Filled != FlowFields.None)
            {
                row.Traits |= step.Words.Traits;
                row.Filled |= step.Words.Filled;
            }

            int length;
            if (step.Kind >= StepKind.Text)
            {
                length = JsonScan.TextLength(ref at);
                if (length < 0 || !TryTakeText(in step, ref first, ref at, length, ref row))
                {
                    break;
                }
            }
            else if (step.Kind == StepKind.End)
            {
                return ref at;
            }
            else if (step.Kind == StepKind.Time && JsonDigits.TryTime(ref at, out var time))
            {
                length = JsonDigits.TimeLength;
                row.TakeTime(step.Field, time);
            }
            else
            {
                length = TakeNumber(in step, ref first, ref at, ref row);
                if (length == 0)
                {
                    break;
                }
            }

            at = ref Unsafe.Add(ref at, length);
            next = step.Child;
        }

        return ref Unsafe.NullRef<byte>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTakeText(in Step step, ref byte first, ref byte at, int length, scoped ref TemplateRow row)
    {
        var text = MemoryMarshal.CreateReadOnlySpan(ref at, length);
        switch (step.Kind)
        {
            case StepKind.SkippedText:
                return true;
            case StepKind.SourceIp:
                row.Source.Ip = text;
                row.Source.Key = writer.Expect(text);
                return true;
            case StepKind.DestinationIp:
                row.Destination.Ip = text;
                row.Destination.Key = writer.Expect(text);
                return true;
            case StepKind.Protocol:
                row.Protocol = text;
                return true;
            case StepKind.ApplicationProtocol:
                row.ApplicationProtocol = text;
                return true;
            case StepKind.DetailText:
                return length == 0 || (length <= HostNotes.LongestText && TryMark(step.Field, ref first, ref at, length, ref row));
            default:
                return row.TakeText(step.Field, text);
        }
    }

    // The length of what was taken, 0 when it is not to be taken here.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int TakeNumber(in Step step, ref byte first, ref byte at, scoped ref TemplateRow row)
    {
        int length;
        if (step.Kind == StepKind.Seconds)
        {
            length = row.TakeSeconds(ref at);
        }
        else
        {
            length = JsonDigits.WholeLength(ref at, out var value);
            if (length != 0)
            {
                return step.Kind != StepKind.DetailWhole
                    ? row.TryTakeWhole(step.Field, value) ? length : 0
                    : TemplateRow.IsDetail(step.Field, value) && TryMark(step.Field, ref first, ref at, length, ref row) ? length : 0;
            }
        }

        return length != 0 ? length : JsonScan.WordLength(ref at, step.Field);
    }

    // Details are noted with their place; most rows say of an end what is known of it already.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryMark(FlowField field, ref byte first, ref byte at, int length, scoped ref TemplateRow row)
    {
        if (_marked == MaxMarks)
        {
            return false;
        }

        row.Say(field);
        _marks[_marked++] = new DetailMark(field, (int)Unsafe.ByteOffset(ref first, ref at), length);
        return true;
    }

    private bool TryWrite(in TemplateRow row, ReadOnlySpan<byte> text)
    {
        var marks = _marks.AsSpan(0, _marked);
        if (!writer.TryHost(in row.Source, text, marks, FlowField.Source, out var source)
            || !writer.TryHost(in row.Destination, text, marks, FlowField.Destination, out var destination))
        {
            return false;
        }

        writer.Write(in row, source, destination);
        return true;
    }
}
