using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DtMcp.Darktrace.Reading;

/// <summary>An end of a row.</summary>
internal ref struct RunEnd
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
internal ref struct RunRow
{
    public RunEnd Source;
    public RunEnd Destination;
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
                    var said = Is(text, "internal"u8) ? FlowTraits.SaidInternal : Is(text, "external"u8) ? FlowTraits.SaidExternal : FlowTraits.None;
                    Traits |= said;
                    Filled |= said == FlowTraits.None ? FlowFields.None : FlowFields.Direction;
                    return true;
                case FlowField.Flag:
                    Traits |= Is(text, "failed"u8) || Is(text, "rejected"u8) ? FlowTraits.Failed : FlowTraits.None;
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
    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.Length == word.Length && (text.SequenceEqual(word) || System.Text.Ascii.EqualsIgnoreCase(text, word));

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
        var length = JsonScan.Digits(ref at, out var value);
        if (length is 0 or > 15 || (length > 1 && at == '0'))
        {
            return 0;
        }

        value *= 1000;
        if (Unsafe.Add(ref at, length) == '.')
        {
            var fraction = JsonScan.Digits(ref Unsafe.Add(ref at, length + 1), out var part);
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
        return length;
    }
}
