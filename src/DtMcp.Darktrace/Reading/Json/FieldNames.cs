using System.Text.Json;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Json;

/// <summary>
/// Keys of the appliance as fields. Casing and blanks differ between endpoints and versions (<c>firstSeen</c>, <c>firstseen</c>,
/// <c>Connection Status</c>), so keys are compared in lower case without blanks and underscores.
/// </summary>
internal static class FieldNames
{
    /// <summary>No known key is longer; as many bytes stand on the stack for each.</summary>
    public const int Longest = 32;

    /// <summary>
    /// Writes the key under the reader in lower case without blanks and underscores; returns its length, 0 when it is too long to be one
    /// that we know.
    /// </summary>
    public static int Fold(ref Utf8JsonReader reader, scoped Span<byte> to)
    {
        scoped var key = reader.ValueSpan;
        if (key.Length > Longest * 6)
        {
            return 0;
        }

        Span<byte> plain = stackalloc byte[Longest * 6];
        if (reader.ValueIsEscaped)
        {
            key = plain[..JsonScalar.Unescape(key, plain)];
        }

        var length = 0;
        foreach (var c in key)
        {
            if (c is (byte)' ' or (byte)'_')
            {
                continue;
            }

            if (length == Longest)
            {
                return 0;
            }

            to[length++] = c is >= (byte)'A' and <= (byte)'Z' ? (byte)(c | 0x20) : c;
        }

        return length;
    }

    public static FlowField Flow(ReadOnlySpan<byte> key) => key.Length switch
    {
        5 when key.SequenceEqual("bytes"u8) => FlowField.Bytes,
        5 when key.SequenceEqual("flags"u8) => FlowField.Flag,
        7 when key.SequenceEqual("packets"u8) => FlowField.Packets,
        7 when key.SequenceEqual("endtime"u8) => FlowField.End,
        8 when key.SequenceEqual("protocol"u8) => FlowField.Protocol,
        8 when key.SequenceEqual("duration"u8) => FlowField.Duration,
        9 when key.SequenceEqual("starttime"u8) => FlowField.Start,
        9 when key.SequenceEqual("direction"u8) => FlowField.Direction,
        10 when key.SequenceEqual("sourceport"u8) => FlowField.SourcePort,
        12 when key.SequenceEqual("sourcedevice"u8) => FlowField.Source,
        15 when key.SequenceEqual("destinationport"u8) => FlowField.DestinationPort,
        17 when key.SequenceEqual("destinationdevice"u8) => FlowField.Destination,
        19 when key.SequenceEqual("applicationprotocol"u8) => FlowField.ApplicationProtocol,
        _ => FlowField.Other,
    };

    public static DeviceField Device(ReadOnlySpan<byte> key) => key.Length switch
    {
        2 when key.SequenceEqual("ip"u8) => DeviceField.Ip,
        2 when key.SequenceEqual("os"u8) => DeviceField.Os,
        3 when key.SequenceEqual("did"u8) => DeviceField.Did,
        3 when key.SequenceEqual("ips"u8) => DeviceField.MoreIp,
        3 when key.SequenceEqual("sid"u8) => DeviceField.SubnetId,
        3 when key.SequenceEqual("asn"u8) => DeviceField.Asn,
        4 when key.SequenceEqual("tags"u8) => DeviceField.Tag,
        6 when key.SequenceEqual("vendor"u8) => DeviceField.Vendor,
        7 when key.SequenceEqual("country"u8) => DeviceField.Country,
        8 when key.SequenceEqual("hostname"u8) => DeviceField.Hostname,
        8 when key.SequenceEqual("lastseen"u8) => DeviceField.LastSeen,
        8 when key.SequenceEqual("typename"u8) => DeviceField.TypeName,
        9 when key.SequenceEqual("firstseen"u8) => DeviceField.FirstSeen,
        9 when key.SequenceEqual("typelabel"u8) => DeviceField.TypeLabel,
        10 when key.SequenceEqual("macaddress"u8) => DeviceField.MacAddress,
        10 when key.SequenceEqual("devicetype"u8) => DeviceField.DeviceType,
        11 when key.SequenceEqual("devicelabel"u8) => DeviceField.DeviceLabel,
        _ => DeviceField.Other,
    };
}
