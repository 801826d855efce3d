using System.Text.Json;

namespace DtMcp.Darktrace.Reading.Json;

/// <summary>What to do with an object or array.</summary>
internal enum Opening
{
    /// <summary>Step over it.</summary>
    Skip,

    /// <summary>Ask for its keys or elements in turn.</summary>
    Enter,

    /// <summary>Read it whole.</summary>
    Take,
}

/// <summary>What an answer looks like, as numbered places; what it holds is kept by the shape.</summary>
internal abstract class AnswerShape
{
    /// <summary>The place of a value that nobody wants.</summary>
    public const int Nowhere = 0;

    /// <summary>The place of the whole answer.</summary>
    public const int Root = 1;

    /// <summary>Rows read whole.</summary>
    public abstract long Rows { get; }

    /// <summary>A key that came twice where only one can be read.</summary>
    public string? Repeated { get; protected set; }

    /// <summary>The place of the value behind a key (folded) of an entered object.</summary>
    public abstract int Key(int place, ReadOnlySpan<byte> key);

    /// <summary>The place of each element of an entered array.</summary>
    public abstract int Element(int place);

    public abstract Opening Open(int place, bool isArray);

    /// <summary>
    /// Takes the value that the reader stands on, up to its last token; false, without a trace, when the text ends inside it.
    /// </summary>
    public abstract bool TryTake(int place, ref Utf8JsonReader reader, ReadOnlySpan<byte> text);

    /// <summary>
    /// Takes as many more elements as it can, each with the comma before it, from text behind an element that was taken; returns their
    /// bytes.
    /// </summary>
    public virtual int Run(int place, ReadOnlySpan<byte> text) => 0;

    /// <summary>Tells places apart that look ahead; false when the text ends before it can.</summary>
    public virtual bool TryChoose(int place, Utf8JsonReader reader, out int chosen)
    {
        chosen = place;
        return true;
    }
}
