namespace DtMcp.Darktrace.Reading;

/// <summary>
/// The shapes of rows seen so far, as a tree of steps. A step is the literal text between two values (<c>,"sourceport":</c>, or
/// <c>","hostname":"</c> with the quotes around it) and what the value behind it means; steps that may follow it are its children. Every path from the root
/// is the beginning of a row that the general reader has read, so text that follows a path is valid JSON with the same keys at the same depths.
/// </summary>
internal sealed class RowShapes
{
    /// <summary>No step.</summary>
    public const int None = -1;

    private const int MostSteps = 4096;
    private const int MostValues = 256;
    private const int MostSiblings = 32;
    private const int MostLiteral = 512;
    private const int MostText = 256 * 1024;

    private Step[] _steps = new Step[64];
    private byte[] _text = new byte[4096];
    private int _used;
    private int _textUsed;

    /// <summary>The first step of a row.</summary>
    public int First { get; private set; } = None;

    public ReadOnlySpan<Step> Steps => _steps;

    /// <summary>The literals, each followed by at least a vector of zeros.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <summary>Takes the shape of the row that begins where the trace says.</summary>
    public void Learn(ReadOnlySpan<byte> text, RowTrace trace)
    {
        if (!trace.IsPlain || trace.Length == 0 || trace.Marks.Count > MostValues)
        {
            return;
        }

        var row = text.Slice(trace.Start, trace.Length);
        int at = 0, step = None;
        foreach (var mark in trace.Marks)
        {
            step = Follow(step, row[at..mark.Start], mark.Field, KindOf(mark.Field, mark.IsText));
            if (step == None)
            {
                return;
            }

            at = mark.End;
        }

        Follow(step, row[at..], FlowField.Other, StepKind.End);
    }

    private int Follow(int from, ReadOnlySpan<byte> literal, FlowField field, StepKind kind)
    {
        var first = from == None ? First : _steps[from].Child;
        var (before, next, siblings) = (None, first, 0);
        while (next != None)
        {
            ref var known = ref _steps[next];
            if (known.Kind == kind && known.Length == literal.Length && _text.AsSpan(known.Offset, known.Length).SequenceEqual(literal))
            {
                return next;
            }

            // Longer literals first: a shorter one may be the beginning of a longer one (a number where a text stood).
            before = known.Length >= literal.Length ? next : before;
            next = known.Sibling;
            siblings++;
        }

        if (siblings == MostSiblings || _used == MostSteps || literal.Length > MostLiteral || _textUsed + literal.Length > MostText)
        {
            return None;
        }

        var added = Add(literal, field, kind);
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

    private int Add(ReadOnlySpan<byte> literal, FlowField field, StepKind kind)
    {
        if (_used == _steps.Length)
        {
            Array.Resize(ref _steps, _used * 2);
        }

        // Each literal starts on a vector's boundary and is followed by zeros up to the next but one.
        var room = ((literal.Length + 31) & ~31) + 32;
        if (_textUsed + room > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _textUsed + room));
        }

        literal.CopyTo(_text.AsSpan(_textUsed));
        _steps[_used] = new Step { Offset = _textUsed, Length = literal.Length, Field = field, Kind = kind, Child = None, Sibling = None };
        _textUsed += room;
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
    }

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
