using System.Diagnostics;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;

namespace DtMcp.Darktrace.Reading.Rows;

/// <summary>
/// The shapes of rows seen so far, as a tree of steps. A step is the literal text between two values (<c>,"sourceport":</c>, or
/// <c>","hostname":"</c> with the quotes around it) and what the value behind it means; steps that may follow it are its children. Every
/// path from the root is the beginning of a row that the general reader has read, so text that follows a path is valid JSON with the same
/// keys at the same depths. Words of which there are few, a direction or a flag, are part of the literal around them
/// (<c>,"direction":"internal","flags":["ack"]}</c>), which says what they mean: nothing is looked for.
/// </summary>
internal sealed class RowTemplates
{
    /// <summary>No step.</summary>
    public const int None = -1;

    // Bounds of what an appliance can make us learn; beyond them rows go to the general reader, which is slower and never wrong. Real
    // answers have a handful of shapes of some 20 values.

    /// <summary>A hundred shapes and more, even when they share nothing.</summary>
    private const int MaxSteps = 4096;

    /// <summary>A row of more values, long lists of tags, comes once and is not worth a path.</summary>
    private const int MaxValues = 256;

    /// <summary>Siblings are tried one after the other: more take longer than the general reader does.</summary>
    private const int MaxSiblings = 32;

    /// <summary>Flags and directions make a literal for each combination; names that nobody counted on become values instead.</summary>
    private const int MaxWords = 16;

    /// <summary>The known words have 12 letters at most; twice that still fits one vector with the quotes around it.</summary>
    private const int LongestWord = 24;

    private Step[] _steps = new Step[64];
    private readonly LiteralText _literals = new();
    private int _used;

    /// <summary>The first step of a row.</summary>
    public int First { get; private set; } = None;

    public ReadOnlySpan<Step> Steps => _steps;

    /// <summary>The literals, each followed by at least a vector of zeros.</summary>
    public ReadOnlySpan<byte> Text => _literals.Text;

    /// <summary>Debug builds only: a literal is followed by as many bytes as a vector that begins in it may load.</summary>
    [Conditional("DEBUG")]
    public void AssertReadable(int step)
    {
        Debug.Assert((uint)step < (uint)_used, "A step that is not there.");
        _literals.AssertReadable(_steps[step].Offset, _steps[step].Length);
    }

    /// <summary>Takes the shape of the row that begins where the trace says.</summary>
    public void Learn(ReadOnlySpan<byte> text, RowTrace trace)
    {
        if (!trace.IsPlain || trace.Length == 0 || trace.Marks.Count > MaxValues)
        {
            return;
        }

        var row = text.Slice(trace.Start, trace.Length);
        var (at, words, step) = (0, 0, None);
        for (var i = 0; i <= trace.Marks.Count; i++)
        {
            var (mark, kind) = i < trace.Marks.Count
                ? (trace.Marks[i], KindOf(trace.Marks[i].Field, trace.Marks[i].IsText))
                : (new RowTrace.Mark(FlowField.Other, row.Length, row.Length, false), StepKind.End);
            if (IsWord(mark, row))
            {
                continue;
            }

            if (!TryFollow(ref step, ref at, row, mark, kind, Meaning(row, trace.Marks, words, i), words < i ? MaxWords : MaxSiblings))
            {
                // Too many different words here: they become values like others.
                for (; words < i; words++)
                {
                    if (!TryFollow(ref step, ref at, row, trace.Marks[words], StepKind.Text, default, MaxSiblings))
                    {
                        return;
                    }
                }

                if (!TryFollow(ref step, ref at, row, mark, kind, default, MaxSiblings))
                {
                    return;
                }
            }

            words = i + 1;
        }
    }

    private bool TryFollow(ref int step, ref int at, ReadOnlySpan<byte> row, RowTrace.Mark mark, StepKind kind, Words words, int most)
    {
        var next = Follow(step, row[at..mark.Start], mark.Field, kind, words, most);
        if (next == None)
        {
            return false;
        }

        (step, at) = (next, mark.End);
        return true;
    }

    // A text of which there are few, so that it can be part of the literal around it.
    private static bool IsWord(RowTrace.Mark mark, ReadOnlySpan<byte> row) =>
        mark.IsText && mark.Field is FlowField.Direction or FlowField.Flag && mark.End - mark.Start <= LongestWord
            && !row[mark.Start..mark.End].Contains((byte)'\\');

    // What the words among the marks say of a row.
    private static Words Meaning(ReadOnlySpan<byte> row, IReadOnlyList<RowTrace.Mark> marks, int from, int to)
    {
        var said = new TemplateRow();
        for (; from < to; from++)
        {
            said.TakeText(marks[from].Field, row[marks[from].Start..marks[from].End]);
        }

        return new Words(said.Traits, said.Filled);
    }

    private int Follow(int from, ReadOnlySpan<byte> literal, FlowField field, StepKind kind, Words words, int most)
    {
        var first = from == None ? First : _steps[from].Child;
        var (before, next, siblings) = (None, first, 0);
        while (next != None)
        {
            ref var known = ref _steps[next];
            if (known.Kind == kind && known.Length == literal.Length && Text.Slice(known.Offset, known.Length).SequenceEqual(literal))
            {
                return next;
            }

            // Longer literals first: a shorter one may be the beginning of a longer one (a number where a text stood).
            before = known.Length >= literal.Length ? next : before;
            next = known.Sibling;
            siblings++;
        }

        if (siblings >= most || _used == MaxSteps || !_literals.HasRoom(literal.Length))
        {
            return None;
        }

        var added = Add(literal, field, kind, words);
        if (before != None)
        {
            _steps[added].Sibling = _steps[before].Sibling;
            _steps[before].Sibling = added;
        }
        else
        {
            _steps[added].Sibling = first;
            if (from == None)
            {
                First = added;
            }
            else
            {
                _steps[from].Child = added;
            }
        }

        return added;
    }

    private int Add(ReadOnlySpan<byte> literal, FlowField field, StepKind kind, Words words)
    {
        if (_used == _steps.Length)
        {
            Array.Resize(ref _steps, _used * 2);
        }

        _steps[_used] = new Step
        {
            Offset = _literals.Add(literal),
            Length = literal.Length,
            Field = field,
            Kind = kind,
            Words = words,
            Child = None,
            Sibling = None,
        };
        return _used++;
    }

    internal struct Step
    {
        public int Offset;
        public int Length;
        public int Child;
        public int Sibling;
        public FlowField Field;
        public StepKind Kind;
        public Words Words;
    }

    /// <summary>What the words inside a literal say of a row.</summary>
    internal readonly record struct Words(FlowTraits Traits, FlowFields Filled);

    private static StepKind KindOf(FlowField field, bool isText) => (field, isText) switch
    {
        (FlowField.Duration, false) => StepKind.Seconds,
        (FlowField.Start or FlowField.End, false) => StepKind.Time,
        (FlowField.Source + (int)DeviceField.Ip, true) => StepKind.SourceIp,
        (FlowField.Destination + (int)DeviceField.Ip, true) => StepKind.DestinationIp,
        (FlowField.Protocol, true) => StepKind.Protocol,
        (FlowField.ApplicationProtocol, true) => StepKind.ApplicationProtocol,
        ( >= FlowField.Source, true) when ((int)field & 31) >= (int)DeviceField.Tag => StepKind.DetailText,
        ( >= FlowField.Source, false) when ((int)field & 31) >= (int)DeviceField.FirstSeen => StepKind.DetailWhole,
        (FlowField.Other, true) => StepKind.SkippedText,
        (_, true) => StepKind.Text,
        _ => StepKind.Whole,
    };

    /// <summary>What follows a literal, so that a row is walked with one choice a value.</summary>
    internal enum StepKind : byte
    {
        /// <summary>Nothing: the literal ends the row.</summary>
        End,

        /// <summary>A whole number or a word.</summary>
        Whole,

        /// <summary>The same for a detail of an end.</summary>
        DetailWhole,

        /// <summary>A number of seconds, which may have a fraction, or a word.</summary>
        Seconds,

        /// <summary>Milliseconds since 1970.</summary>
        Time,

        /// <summary>A text; the literal ends in its opening quote, as with those below.</summary>
        Text,
        SkippedText,
        DetailText,
        SourceIp,
        DestinationIp,
        Protocol,
        ApplicationProtocol,
    }
}
