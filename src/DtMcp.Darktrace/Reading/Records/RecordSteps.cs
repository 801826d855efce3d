using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;

namespace DtMcp.Darktrace.Reading.Records;

/// <summary>
/// What entries are made of, as far as it was seen. A step is the literal text between two values (<c>,"orig_pkts":</c>) and what the value
/// behind it means; it leads from one <see cref="State"/>, the objects and arrays that are open, to another. An appliance puts the fields
/// of an entry in an order that depends on which there are, so steps are no tree: any step may follow any other that ends in the state
/// where it begins. Every step was taken by an entry that the general reader has read, and a state is all that JSON depends on: what
/// follows steps one after another is valid JSON whose keys mean the same. Each step remembers two that followed it, which are tried first.
/// </summary>
internal sealed class RecordSteps
{
    /// <summary>No step.</summary>
    public const int None = 0;

    /// <summary>Where an entry begins.</summary>
    public const int Root = 1;

    // Bounds of what an appliance can make us learn; beyond them entries go to the general reader, which is slower and never wrong. Real
    // entries have some 40 keys.
    private const int MaxSteps = 1024;
    private const int MaxStates = 64;

    /// <summary>Twice as many places as steps.</summary>
    private const int Places = 2 * MaxSteps;

    private readonly LiteralText _literals = new();
    private readonly List<State> _states = [new State(-1, false, RecordLevel.Elsewhere, 0)];
    private readonly short[] _index = new short[Places];
    private readonly KeyedHash _hash = KeyedHash.OfProcess;
    private Step[] _steps = new Step[64];
    private int _used = 2;

    public RecordSteps()
    {
        // A byte that no JSON has: nothing matches no step.
        _steps[None] = new Step { Offset = _literals.Add("\x01"u8), Length = 1 };
        _steps[Root] = new Step { Next = None, Other = None };
    }

    /// <summary>Whether something was met that is not known; an entry that is read next is worth learning from.</summary>
    public bool WantsMore { get; private set; } = true;

    public Span<Step> Steps => _steps;

    /// <summary>The literals, each followed by at least a vector of zeros.</summary>
    public ReadOnlySpan<byte> Text => _literals.Text;

    /// <summary>The step that leads on from another, neither of those that followed it before; or <see cref="None"/>.</summary>
    public int Find(int before, ref byte at)
    {
        var state = _steps[before].To;
        var length = LiteralLength(ref at, _states[state].Depth);
        var found = length == 0 ? None : _index[Place(state, MemoryMarshal.CreateReadOnlySpan(ref at, length))];
        if (found == None)
        {
            WantsMore |= _used < MaxSteps;
            return None;
        }

        Link(before, found);
        return found;
    }

    /// <summary>Takes the steps of a whole entry.</summary>
    public void Learn(ReadOnlySpan<byte> entry)
    {
        WantsMore = false;
        var reader = new Utf8JsonReader(entry);
        var (state, before, at, field) = (0, Root, 0, RecordField.None);
        Span<byte> folded = stackalloc byte[FieldNames.Longest];
        while (before != None && reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    field = RecordFields.Of(_states[state].Level, folded[..FieldNames.Fold(ref reader, folded)]);
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    state = Open(state, reader.TokenType == JsonTokenType.StartArray, field);
                    field = RecordField.None;
                    if (state < 0)
                    {
                        return;
                    }

                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    state = _states[state].Parent;
                    break;
                default:
                    before = Follow(before, entry[at..(int)reader.TokenStartIndex], field, state);
                    at = (int)reader.BytesConsumed;
                    break;
            }
        }

        if (before != None)
        {
            Follow(before, entry[at..], RecordField.None, 0);
        }
    }

    // The state inside an object or array that opens; -1 when there are too many.
    private int Open(int parent, bool isArray, RecordField field)
    {
        var level = parent == 0 && !isArray ? RecordLevel.Entry : isArray ? RecordLevel.Elsewhere : RecordFields.Inside(field);
        var inside = new State(parent, isArray, level, _states[parent].Depth + 1);
        var known = _states.IndexOf(inside);
        if (known >= 0)
        {
            return known;
        }

        if (_states.Count == MaxStates)
        {
            return -1;
        }

        _states.Add(inside);
        return _states.Count - 1;
    }

    private int Follow(int before, ReadOnlySpan<byte> literal, RecordField field, int to)
    {
        var place = Place(_steps[before].To, literal);
        var step = (int)_index[place];
        if (step == None)
        {
            if (_used == MaxSteps || !_literals.HasRoom(literal.Length))
            {
                return None;
            }

            if (_used == _steps.Length)
            {
                Array.Resize(ref _steps, _used * 2);
            }

            step = _used++;
            _index[place] = (short)step;
            _steps[step] = new Step
            {
                Offset = _literals.Add(literal),
                Length = literal.Length,
                From = _steps[before].To,
                To = to,
                Field = field,
                Kind = to == 0 ? StepKind.End : KindOf(field),
                Seen = field < RecordField.StartTs || field == RecordField.Message ? 0 : 1u << (int)field,
                Most = field is RecordField.SourcePort or RecordField.DestinationPort ? ushort.MaxValue : Values.JsonScalar.LargestSize,
            };
        }

        Link(before, step);
        return step;
    }

    private void Link(int before, int after)
    {
        ref var step = ref _steps[before];
        if (step.Next == None)
        {
            step.Next = after;
        }
        else if (step.Next != after)
        {
            step.Other = after;
        }
    }

    // Where a step stands in the index, or the free place where it belongs. At most half of the places are taken.
    private int Place(int state, ReadOnlySpan<byte> literal)
    {
        var place = (int)(_hash.Of(Hash(literal), (ulong)state) >> 32) & (Places - 1);
        while (_index[place] is var known && known != None
            && !(_steps[known].From == state && Literal(known).SequenceEqual(literal)))
        {
            place = (place + 1) & (Places - 1);
        }

        return place;
    }

    private ReadOnlySpan<byte> Literal(int step) => Text.Slice(_steps[step].Offset, _steps[step].Length);

    private ulong Hash(ReadOnlySpan<byte> literal)
    {
        var hash = (ulong)literal.Length;
        for (; literal.Length >= 8; literal = literal[8..])
        {
            hash = _hash.Place(hash, MemoryMarshal.Read<ulong>(literal));
        }

        var rest = 0UL;
        foreach (var letter in literal)
        {
            rest = (rest << 8) | letter;
        }

        return _hash.Place(hash, rest);
    }

    // Bytes up to the next value, or up to the end of the entry; 0 when there is none near. Says nothing of whether it is JSON: what is
    // found by it is compared as a whole.
    private static int LiteralLength(ref byte at, int depth)
    {
        for (var length = 0; length < LiteralText.Longest; length++)
        {
            switch (Unsafe.Add(ref at, length))
            {
                case (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)',' or (byte)':':
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']':
                    if (--depth == 0)
                    {
                        return length + 1;
                    }

                    break;
                case (byte)'"':
                    var text = JsonScan.TextLength(ref Unsafe.Add(ref at, length + 1));
                    if (text is < 0 or > LiteralText.Longest)
                    {
                        return length;
                    }

                    // A key has a colon behind it; anything else is the value.
                    ref var behind = ref JsonScan.Blank(ref Unsafe.Add(ref at, length + 2 + text));
                    if (behind != ':')
                    {
                        return length;
                    }

                    length += text + 1;
                    break;
                default:
                    return length;
            }
        }

        return 0;
    }

    private static StepKind KindOf(RecordField field) => field switch
    {
        RecordField.None or RecordField.Source or RecordField.Fields or RecordField.Inserted or RecordField.Message => StepKind.Skipped,
        RecordField.StartTs or RecordField.EpochDate or RecordField.Ts or RecordField.Duration => StepKind.Seconds,
        RecordField.SourceIp or RecordField.DestinationIp => StepKind.Ip,
        RecordField.Protocol or RecordField.Service => StepKind.Name,
        RecordField.State => StepKind.State,
        RecordField.SourceIsLocal or RecordField.DestinationIsLocal => StepKind.Side,
        >= RecordField.SourceCountry => StepKind.Detail,
        _ => StepKind.Whole,
    };

    internal struct Step
    {
        public int Offset;
        public int Length;

        /// <summary>The steps that followed it first, and last.</summary>
        public int Next;
        public int Other;
        public int From;
        public int To;

        /// <summary>The largest number that is taken.</summary>
        public long Most;

        /// <summary>A bit of the field, where it may come once.</summary>
        public uint Seen;
        public RecordField Field;
        public StepKind Kind;
    }

    /// <summary>What follows a literal, so that an entry is walked with one choice a value.</summary>
    internal enum StepKind : byte
    {
        /// <summary>Nothing: the literal ends the entry.</summary>
        End,

        /// <summary>What nobody wants.</summary>
        Skipped,

        /// <summary>A whole number, not below zero.</summary>
        Whole,

        /// <summary>Seconds with a fraction.</summary>
        Seconds,
        Ip,
        Name,
        State,

        /// <summary>Whether an end is local.</summary>
        Side,

        /// <summary>A country or a network.</summary>
        Detail,
    }

    /// <summary>An object or array that is open, in those around it.</summary>
    private readonly record struct State(int Parent, bool IsArray, RecordLevel Level, int Depth);
}
