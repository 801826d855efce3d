using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static DtMcp.Darktrace.Reading.RowShapes;

namespace DtMcp.Darktrace.Reading;

/// <summary>
/// Reads runs of rows at several times the speed of <see cref="FlowRowParser"/>, which stays the reference. The idea: an appliance repeats one shape row
/// after row, so nearly all of a row is known beforehand.
/// <list type="number">
/// <item>The general reader reads a row and notes where its values stand. The literal text between them (braces, keys, colons, commas, quotes) is kept as a
/// path of <see cref="RowShapes"/>; other shapes branch off.</item>
/// <item>From then on a row is walked along that tree: compare the next literal, a vector at a time; take the value behind it; go on to the literal that
/// followed it last time. Nothing is assumed: every byte of a row is compared or scanned.</item>
/// <item>Whatever differs (an unknown key, an escape, a fraction where none was, a value of another type, the window's end) stops the run at the end of the
/// last whole row. The general reader takes the next row, its shape is learned, the run goes on.</item>
/// </list>
/// Values become numbers, and texts become ids by their first 16 bytes as two words (<see cref="HostCache"/>), only when the row is whole.
/// Zeros behind the text (<see cref="JsonWindow.Padding"/>) match no literal, end no text and no number, so nothing here counts bytes.
/// </summary>
internal sealed class FlowRunReader(FlowWriter writer)
{
    private const int MostMarks = 64;

    private readonly RowShapes _shapes = new();
    private readonly DetailMark[] _marks = new DetailMark[MostMarks];
    private int _marked;

    public void Learn(ReadOnlySpan<byte> text, RowTrace trace) => _shapes.Learn(text, trace);

    /// <summary>Reads rows, each with the comma before it, from text that begins behind a row; returns the bytes of the rows taken.</summary>
    public int Read(ReadOnlySpan<byte> text)
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        ref var at = ref start;
        ref var done = ref start;
        while (true)
        {
            at = ref Blank(ref at);
            if (at != ',')
            {
                break;
            }

            at = ref Blank(ref Unsafe.Add(ref at, 1));
            var row = new Row();
            ref var first = ref at;
            _marked = 0;
            at = ref Walk(ref at, ref row);
            if (Unsafe.IsNullRef(ref at) || !TryWrite(in row, MemoryMarshal.CreateReadOnlySpan(ref first, (int)Unsafe.ByteOffset(ref first, ref at))))
            {
                break;
            }

            done = ref at;
        }

        return (int)Unsafe.ByteOffset(ref start, ref done);
    }

    // Returns the byte behind the row, or a null reference when it is not of a known shape.
    private ref byte Walk(ref byte at, scoped ref Row row)
    {
        ref var steps = ref MemoryMarshal.GetReference(_shapes.Steps);
        ref var literals = ref MemoryMarshal.GetReference(_shapes.Text);
        ref var first = ref at;
        var next = _shapes.First;
        while (next != None)
        {
            ref var step = ref Unsafe.Add(ref steps, next);
            if (!Matches(ref at, ref Unsafe.Add(ref literals, step.Offset), step.Length))
            {
                next = step.Sibling;
                continue;
            }

            at = ref Unsafe.Add(ref at, step.Length);
            if (step.Kind == StepKind.End)
            {
                return ref at;
            }

            if (step.Kind == StepKind.Text)
            {
                var length = TextLength(ref at);
                if (length < 0 || !row.TakeText(step.Field, ref at, length) || !TryMark(step.Field, ref first, ref at, length))
                {
                    break;
                }

                if (step.Field is FlowField.Source + (int)DeviceField.Ip or FlowField.Destination + (int)DeviceField.Ip)
                {
                    writer.Touch(MemoryMarshal.CreateReadOnlySpan(ref at, length));
                }

                at = ref Unsafe.Add(ref at, length);
            }
            else if (step.Field == FlowField.Duration)
            {
                var length = row.TakeSeconds(ref at);
                if (length == 0 && (length = WordLength(ref at, step.Field)) == 0)
                {
                    break;
                }

                at = ref Unsafe.Add(ref at, length);
            }
            else
            {
                var length = WholeLength(ref at, out var value);
                if (length == 0)
                {
                    length = WordLength(ref at, step.Field);
                    if (length == 0)
                    {
                        break;
                    }
                }
                else if (!row.TakeWhole(step.Field, value) || !TryMark(step.Field, ref first, ref at, length))
                {
                    break;
                }

                at = ref Unsafe.Add(ref at, length);
            }

            next = step.Child;
        }

        return ref Unsafe.NullRef<byte>();
    }

    // Details are noted with their place; most rows say of an end what is known of it already.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryMark(FlowField field, ref byte first, ref byte at, int length)
    {
        if (((int)field & 31) < (int)DeviceField.FirstSeen || field < FlowField.Source || length == 0)
        {
            return true;
        }

        if (_marked == MostMarks || length > HostNotes.LongestText)
        {
            return false;
        }

        _marks[_marked++] = new DetailMark(field, (int)Unsafe.ByteOffset(ref first, ref at), length);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte Blank(ref byte at)
    {
        while (at is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at = ref Unsafe.Add(ref at, 1);
        }

        return ref at;
    }

    // A literal holds no zero, so a vector that matches in full lies within the text.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Matches(ref byte at, ref byte literal, int length)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            while (length > Vector256<byte>.Count)
            {
                if (Vector256.LoadUnsafe(ref at) != Vector256.LoadUnsafe(ref literal))
                {
                    return false;
                }

                at = ref Unsafe.Add(ref at, Vector256<byte>.Count);
                literal = ref Unsafe.Add(ref literal, Vector256<byte>.Count);
                length -= Vector256<byte>.Count;
            }

            var equal = Vector256.Equals(Vector256.LoadUnsafe(ref at), Vector256.LoadUnsafe(ref literal)).ExtractMostSignificantBits();
            return BitOperations.TrailingZeroCount(~(ulong)equal) >= length;
        }

        if (Vector128.IsHardwareAccelerated)
        {
            while (length > Vector128<byte>.Count)
            {
                if (Vector128.LoadUnsafe(ref at) != Vector128.LoadUnsafe(ref literal))
                {
                    return false;
                }

                at = ref Unsafe.Add(ref at, Vector128<byte>.Count);
                literal = ref Unsafe.Add(ref literal, Vector128<byte>.Count);
                length -= Vector128<byte>.Count;
            }

            var equal = Vector128.Equals(Vector128.LoadUnsafe(ref at), Vector128.LoadUnsafe(ref literal)).ExtractMostSignificantBits();
            return BitOperations.TrailingZeroCount(~(ulong)equal) >= length;
        }

        for (var i = 0; i < length; i++)
        {
            if (Unsafe.Add(ref at, i) != Unsafe.Add(ref literal, i))
            {
                return false;
            }
        }

        return true;
    }

    // Bytes up to the closing quote; -1 when an escape, a control character or the window's end comes first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TextLength(ref byte at)
    {
        nuint length = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            while (true)
            {
                var text = Vector256.LoadUnsafe(ref at, length);
                var stops = (Vector256.Equals(text, Vector256.Create((byte)'"')) | Vector256.Equals(text, Vector256.Create((byte)'\\'))
                    | Vector256.LessThan(text, Vector256.Create((byte)' '))).ExtractMostSignificantBits();
                if (stops != 0)
                {
                    length += (nuint)BitOperations.TrailingZeroCount(stops);
                    break;
                }

                length += (nuint)Vector256<byte>.Count;
            }
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            while (true)
            {
                var text = Vector128.LoadUnsafe(ref at, length);
                var stops = (Vector128.Equals(text, Vector128.Create((byte)'"')) | Vector128.Equals(text, Vector128.Create((byte)'\\'))
                    | Vector128.LessThan(text, Vector128.Create((byte)' '))).ExtractMostSignificantBits();
                if (stops != 0)
                {
                    length += (nuint)BitOperations.TrailingZeroCount(stops);
                    break;
                }

                length += (nuint)Vector128<byte>.Count;
            }
        }
        else
        {
            while (Unsafe.Add(ref at, length) is >= (byte)' ' and not ((byte)'"' or (byte)'\\'))
            {
                length++;
            }
        }

        return Unsafe.Add(ref at, length) == '"' && length <= JsonScalar.LongestToken ? (int)length : -1;
    }

    // -?(0|[1-9][0-9]*) of at most 18 digits with what may follow a value behind it; 0 when it is anything else.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WholeLength(ref byte at, out long value)
    {
        var sign = at == '-' ? 1 : 0;
        var length = sign + Digits(ref Unsafe.Add(ref at, sign), out value);
        var digits = length - sign;
        if (digits is 0 or > 18 || (digits > 1 && Unsafe.Add(ref at, sign) == '0') || !Ends(Unsafe.Add(ref at, length)))
        {
            return 0;
        }

        value = sign == 0 ? value : -value;
        return length;
    }

    private static bool Ends(byte next) => next is (byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    // Eight digits at a time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Digits(ref byte at, out long value)
    {
        value = 0;
        var length = 0;
        while (length <= 16)
        {
            var chunk = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, length));
            chunk = BitConverter.IsLittleEndian ? chunk : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(chunk);
            chunk ^= 0x3030_3030_3030_3030;
            var others = ((chunk + 0x7676_7676_7676_7676) | chunk) & 0x8080_8080_8080_8080;
            var digits = others == 0 ? 8 : BitOperations.TrailingZeroCount(others) >> 3;
            if (digits == 0)
            {
                return length;
            }

            // Leading zeros in the place of what is not a digit.
            chunk <<= (8 - digits) * 8;
            chunk = (chunk * 10) + (chunk >> 8);
            chunk = (((chunk & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064) + (((chunk >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32;
            value = (value * Powers[digits]) + (long)(uint)chunk;
            length += digits;
            if (digits < 8)
            {
                return length;
            }
        }

        return length;
    }

    private static ReadOnlySpan<long> Powers => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    // null leaves any field as it was, true and false only one that nobody reads.
    private static int WordLength(ref byte at, FlowField field)
    {
        var length = at switch { (byte)'n' => 4, (byte)'t' => 4, (byte)'f' => 5, _ => 0 };
        var word = MemoryMarshal.CreateReadOnlySpan(ref at, Math.Max(length, 1));
        return (word.SequenceEqual("null"u8) || (field == FlowField.Other && (word.SequenceEqual("true"u8) || word.SequenceEqual("false"u8))))
            && Ends(Unsafe.Add(ref at, length)) ? length : 0;
    }

    private bool TryWrite(in Row row, ReadOnlySpan<byte> text)
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

    /// <summary>An end of a row.</summary>
    internal ref struct End
    {
        private const long DidUnknown = HostTable.NoDid;

        private long _did;
        private bool _hasDid;

        public ReadOnlySpan<byte> Ip;
        public ReadOnlySpan<byte> MoreIp;
        public DeviceDetails Said;

        public readonly ReadOnlySpan<byte> Address => Ip.IsEmpty ? MoreIp : Ip;

        public readonly bool IsKnown => _hasDid || !Ip.IsEmpty || !MoreIp.IsEmpty || (Said & DeviceDetails.Hostname) != 0;

        public long Did
        {
            readonly get => _hasDid ? _did : DidUnknown;
            set => (_did, _hasDid) = (value, true);
        }
    }

    /// <summary>A row as it is walked.</summary>
    internal ref struct Row
    {
        public End Source;
        public End Destination;
        public ReadOnlySpan<byte> Protocol;
        public ReadOnlySpan<byte> ApplicationProtocol;
        public long Start;
        public long End;
        public long Bytes;
        public long Packets;
        public int Duration;
        public ushort SourcePort;
        public ushort DestinationPort;
        public FlowTraits Traits;
        public FlowFields Filled;
        public bool HasEnd;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool TakeText(FlowField field, ref byte at, int length)
        {
            switch (field)
            {
                case FlowField.Source + (int)DeviceField.Ip:
                    Source.Ip = MemoryMarshal.CreateReadOnlySpan(ref at, length);
                    return true;
                case FlowField.Destination + (int)DeviceField.Ip:
                    Destination.Ip = MemoryMarshal.CreateReadOnlySpan(ref at, length);
                    return true;
                case FlowField.Protocol:
                    Protocol = MemoryMarshal.CreateReadOnlySpan(ref at, length);
                    Filled |= length > 0 ? FlowFields.Protocol : FlowFields.None;
                    return true;
                case FlowField.ApplicationProtocol:
                    ApplicationProtocol = MemoryMarshal.CreateReadOnlySpan(ref at, length);
                    Filled |= length > 0 ? FlowFields.ApplicationProtocol : FlowFields.None;
                    return true;
                case FlowField.Other:
                    return true;
                default:
                    return TakeOther(field, MemoryMarshal.CreateReadOnlySpan(ref at, length));
            }
        }

        private bool TakeOther(FlowField field, ReadOnlySpan<byte> text)
        {
            if (field < FlowField.Source)
            {
                switch (field)
                {
                    case FlowField.Direction:
                        var said = System.Text.Ascii.EqualsIgnoreCase(text, "internal"u8) ? FlowTraits.SaidInternal
                            : System.Text.Ascii.EqualsIgnoreCase(text, "external"u8) ? FlowTraits.SaidExternal : FlowTraits.None;
                        Traits |= said;
                        Filled |= said == FlowTraits.None ? FlowFields.None : FlowFields.Direction;
                        return true;
                    case FlowField.Flag:
                        Traits |= System.Text.Ascii.EqualsIgnoreCase(text, "failed"u8) || System.Text.Ascii.EqualsIgnoreCase(text, "rejected"u8)
                            ? FlowTraits.Failed : FlowTraits.None;
                        Filled |= FlowFields.State;
                        return true;
                    default:
                        return false;
                }
            }

            ref var end = ref field < FlowField.Destination ? ref Source : ref Destination;
            var inside = (DeviceField)((int)field & 31);
            if (text.IsEmpty)
            {
                return true;
            }

            switch (inside)
            {
                case DeviceField.MoreIp:
                    end.MoreIp = end.MoreIp.IsEmpty ? text : end.MoreIp;
                    return true;
                case >= DeviceField.Hostname or DeviceField.Tag:
                    end.Said |= (DeviceDetails)(1 << (int)inside);
                    return true;
                default:
                    return false;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool TakeWhole(FlowField field, long value)
        {
            switch (field)
            {
                case FlowField.Other:
                    return true;
                case FlowField.Bytes:
                    Bytes = value;
                    Filled |= FlowFields.Bytes;
                    return (ulong)value <= JsonScalar.LargestSize;
                case FlowField.Packets:
                    Packets = value;
                    Filled |= FlowFields.Packets;
                    return (ulong)value <= JsonScalar.LargestSize;
                case FlowField.SourcePort:
                    SourcePort = (ushort)value;
                    Filled |= FlowFields.SourcePort;
                    return (ulong)value <= ushort.MaxValue;
                case FlowField.DestinationPort:
                    DestinationPort = (ushort)value;
                    Filled |= FlowFields.DestinationPort;
                    return (ulong)value <= ushort.MaxValue;
                case FlowField.Start:
                    Start = value;
                    Filled |= FlowFields.Start;
                    return JsonScalar.IsTime(value);
                case FlowField.End:
                    End = value;
                    HasEnd = true;
                    return JsonScalar.IsTime(value);
                case FlowField.Source + (int)DeviceField.Did:
                    Source.Did = value;
                    return true;
                case FlowField.Destination + (int)DeviceField.Did:
                    Destination.Did = value;
                    return true;
                default:
                    return TakeDetail(field, value);
            }
        }

        private bool TakeDetail(FlowField field, long value)
        {
            if (field < FlowField.Source)
            {
                return false;
            }

            ref var end = ref field < FlowField.Destination ? ref Source : ref Destination;
            var inside = (DeviceField)((int)field & 31);
            end.Said |= (DeviceDetails)(1 << (int)inside);
            return inside == DeviceField.SubnetId || (inside is DeviceField.FirstSeen or DeviceField.LastSeen && JsonScalar.IsTime(value));
        }

        /// <summary>A duration: whole seconds, or with a fraction. Returns its length, 0 when it is anything else.</summary>
        public int TakeSeconds(ref byte at)
        {
            var length = Digits(ref at, out var value);
            if (length is 0 or > 15 || (length > 1 && at == '0'))
            {
                return 0;
            }

            value *= 1000;
            if (Unsafe.Add(ref at, length) == '.')
            {
                var fraction = Digits(ref Unsafe.Add(ref at, length + 1), out var part);
                if (fraction is 0 or > 15)
                {
                    return 0;
                }

                // Halves go up, as in JsonScalar.
                for (var i = fraction; i < 4; i++)
                {
                    part *= 10;
                }

                for (var i = fraction; i > 4; i--)
                {
                    part /= 10;
                }

                value += (part / 10) + (part % 10 >= 5 ? 1 : 0);
                length += fraction + 1;
            }

            Duration = (int)Math.Min(value, int.MaxValue);
            Filled |= FlowFields.Duration;
            return Ends(Unsafe.Add(ref at, length)) ? length : 0;
        }
    }
}
