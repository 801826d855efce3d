using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Packing;

/// <summary>The small parts of what is packed: texts and numbers that may be missing, lists, details of an endpoint.</summary>
public static class PackedValues
{
    public static void WriteText(this BinaryWriter to, string? text)
    {
        to.Write(text is not null);
        if (text is not null)
        {
            to.Write(text);
        }
    }

    public static string? ReadText(this BinaryReader from) => from.ReadBoolean() ? from.ReadString() : null;

    public static void WriteWhole(this BinaryWriter to, long? number)
    {
        to.Write(number is not null);
        if (number is { } known)
        {
            to.Write(known);
        }
    }

    public static long? ReadWhole(this BinaryReader from) => from.ReadBoolean() ? from.ReadInt64() : null;

    public static void WriteAddress(this BinaryWriter to, NetAddress address)
    {
        to.Write(address.IsPresent);
        if (address.IsPresent)
        {
            to.Write((ulong)(address.Bits >> 64));
            to.Write((ulong)address.Bits);
        }
    }

    public static NetAddress ReadAddress(this BinaryReader from) =>
        from.ReadBoolean() ? NetAddress.FromBits(new UInt128(from.ReadUInt64(), from.ReadUInt64())) : NetAddress.None;

    public static void WriteList<T>(this BinaryWriter to, IReadOnlyList<T>? list, Action<BinaryWriter, T> write)
    {
        to.Write(list?.Count ?? -1);
        foreach (var item in list ?? [])
        {
            write(to, item);
        }
    }

    public static IReadOnlyList<T>? ReadList<T>(this BinaryReader from, Func<BinaryReader, T> read)
    {
        var count = from.ReadInt32();
        if (count < 0)
        {
            return null;
        }

        // A length is no promise: memory is taken as items come.
        List<T> list = new(Math.Min(count, 4_096));
        for (var i = 0; i < count; i++)
        {
            list.Add(read(from));
        }

        return list;
    }

    public static void WriteDetails(this BinaryWriter to, HostDetails? details)
    {
        to.Write(details is not null);
        if (details is null)
        {
            return;
        }

        foreach (var text in new[] { details.Hostname, details.DeviceLabel, details.MacAddress, details.Vendor, details.Os, details.Type,
            details.Country, details.Asn })
        {
            to.WriteText(text);
        }

        to.WriteWhole(details.FirstSeen);
        to.WriteWhole(details.LastSeen);
        to.WriteWhole(details.SubnetId);
        to.WriteList(details.Tags, (writer, tag) => writer.Write(tag));
    }

    public static HostDetails? ReadDetails(this BinaryReader from) => !from.ReadBoolean() ? null : new HostDetails
    {
        Hostname = from.ReadText(),
        DeviceLabel = from.ReadText(),
        MacAddress = from.ReadText(),
        Vendor = from.ReadText(),
        Os = from.ReadText(),
        Type = from.ReadText(),
        Country = from.ReadText(),
        Asn = from.ReadText(),
        FirstSeen = from.ReadWhole(),
        LastSeen = from.ReadWhole(),
        SubnetId = from.ReadWhole(),
        Tags = from.ReadList(reader => reader.ReadString()),
    };

    public static void WriteInvalid(this BinaryWriter to, InvalidValues invalid) =>
        to.WriteList([.. invalid.Kinds], (writer, kind) =>
        {
            writer.Write((byte)kind.Kind);
            writer.Write(kind.Count);
            writer.Write(kind.Example);
        });

    public static void ReadInvalid(this BinaryReader from, InvalidValues invalid)
    {
        foreach (var (kind, count, example) in from.ReadList(
            reader => ((InvalidKind)reader.ReadByte(), reader.ReadInt64(), reader.ReadString())) ?? [])
        {
            invalid.Restore(kind, count, example);
        }
    }
}
