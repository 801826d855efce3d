using System.Runtime.CompilerServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Rows;

/// <summary>An end of a row.</summary>
internal ref struct TemplateEnd
{
    private const long DidUnknown = HostTable.NoDid;

    private long _did;
    private bool _hasDid;

    public ReadOnlySpan<byte> Ip;

    /// <summary>Of <see cref="Ip"/>, where it has at most 16 bytes.</summary>
    public HostCache.Key Key;
    public ReadOnlySpan<byte> MoreIp;
    public DeviceDetails Present;

    public readonly ReadOnlySpan<byte> Address => Ip.IsEmpty ? MoreIp : Ip;

    public readonly bool IsKnown => _hasDid || !Ip.IsEmpty || !MoreIp.IsEmpty || (Present & DeviceDetails.Hostname) != 0;

    public long Did
    {
        readonly get => _hasDid ? _did : DidUnknown;
        set => (_did, _hasDid) = (value, true);
    }
}

/// <summary>A row as it is walked.</summary>
internal ref struct TemplateRow
{
    public TemplateEnd Source;
    public TemplateEnd Destination;
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

    /// <summary>Takes a text that few rows differ in, or a further address.</summary>
    public bool TakeText(FlowField field, ReadOnlySpan<byte> text)
    {
        switch (field)
        {
            case FlowField.Direction:
                var said = Is(text, "internal"u8)
                    ? FlowTraits.MarkedInternal
                    : Is(text, "external"u8)
                    ? FlowTraits.MarkedExternal
                    : FlowTraits.None;
                Traits |= said;
                Filled |= said == FlowTraits.None ? FlowFields.None : FlowFields.Direction;
                return true;
            case FlowField.Flag:
                var state = FlowFlags.Of(text);
                Traits |= state;
                Filled |= state == FlowTraits.None ? FlowFields.None : FlowFields.State;
                return true;
            case FlowField.Source + (int)DeviceField.MoreIp:
                Source.MoreIp = Source.MoreIp.IsEmpty ? text : Source.MoreIp;
                return true;
            case FlowField.Destination + (int)DeviceField.MoreIp:
                Destination.MoreIp = Destination.MoreIp.IsEmpty ? text : Destination.MoreIp;
                return true;
            default:
                return text.IsEmpty && field >= FlowField.Source;
        }
    }

    /// <summary>Remembers that the row has a detail of an end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Say(FlowField field)
    {
        ref var end = ref field < FlowField.Destination ? ref Source : ref Destination;
        end.Present |= (DeviceDetails)(1 << ((int)field & 31));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.Length == word.Length && (text.SequenceEqual(word) || System.Text.Ascii.EqualsIgnoreCase(text, word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTakeWhole(FlowField field, long value)
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
            case FlowField.Start or FlowField.End:
                TakeTime(field, value);
                return IsMilliseconds(value);
            case FlowField.Source + (int)DeviceField.Did:
                Source.Did = value;
                return true;
            case FlowField.Destination + (int)DeviceField.Did:
                Destination.Did = value;
                return true;
            default:
                return false;
        }
    }

    // Seldom asked: nearly every time has thirteen digits and comes in another way.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsMilliseconds(long value) => JsonScalar.IsTime(value) && !TimeUnits.IsOther(value);

    /// <summary>Takes a start or an end that <see cref="JsonScalar.IsTime"/> allows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void TakeTime(FlowField field, long value)
    {
        if (field == FlowField.Start)
        {
            Start = value;
            Filled |= FlowFields.Start;
        }
        else
        {
            End = value;
            HasEnd = true;
        }
    }

    /// <summary>Whether a detail of an end may have this value.</summary>
    public static bool IsDetail(FlowField field, long value) =>
        ((int)field & 31) is var inside
            && (inside == (int)DeviceField.SubnetId
                || (inside is (int)DeviceField.FirstSeen or (int)DeviceField.LastSeen && JsonScalar.IsTime(value)));

    /// <summary>A duration: whole seconds, or with a fraction. Returns its length, 0 when it is anything else.</summary>
    public int TakeSeconds(ref byte at)
    {
        var length = JsonDigits.SecondsLength(ref at, out var ms);
        if (length > 0)
        {
            Duration = (int)Math.Min(ms, int.MaxValue);
            Filled |= FlowFields.Duration;
        }

        return length;
    }
}
