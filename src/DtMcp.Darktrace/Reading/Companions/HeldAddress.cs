using System.Text.Json;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>An address that a device has or had, and when it was last seen with it (milliseconds since 1970; null when that was not
/// told).</summary>
public readonly record struct HeldAddress(string Ip, long? LastSeenMs, bool IsPresent)
{
    // Appliances tell the time in whole hours.
    private const long HourMs = 3_600_000;

    /// <summary>The text as an address; none where it is something else.</summary>
    public NetAddress Address { get; } = NetAddress.TryParse(Ip, out var address) ? address : NetAddress.None;

    /// <summary>Whether it may have been the device's in a window that starts then: one that was left before belongs to somebody else by
    /// now.</summary>
    public bool MayHoldSince(long startMs) => IsPresent || LastSeenMs is not { } seen || seen >= startMs - HourMs;

    /// <summary>The addresses of <c>ips</c>: texts, or <c>{"ip":"192.0.2.39","timems":1768467600000,"time":"2026-01-15
    /// 09:00:00","sid":12}</c>; client sensors and
    /// virtual desktops say <c>time</c> in seconds.</summary>
    internal static void ParseList(ref Utf8JsonReader reader, List<HeldAddress> into)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            ParseOne(ref reader, into);
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            ParseOne(ref reader, into);
        }
    }

    /// <summary>The addresses of <c>interfaces</c> and <c>vdihost</c>: each entry has a list <c>ips</c>. Returns the first MAC address
    /// of an entry.</summary>
    internal static string? ParseInterfaces(ref Utf8JsonReader reader, List<HeldAddress> into)
    {
        string? mac = null;
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var found = ParseInterface(ref reader, into);
                mac ??= found;
            }

            return mac;
        }

        return ParseInterface(ref reader, into);
    }

    private static string? ParseInterface(ref Utf8JsonReader reader, List<HeldAddress> into)
    {
        string? mac = null;
        if (!JsonFields.IsObject(ref reader))
        {
            return null;
        }

        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "mac": mac = JsonFields.Text(ref reader); break;
                case "ips": ParseList(ref reader, into); break;
                default: reader.Skip(); break;
            }
        }

        return mac;
    }

    private static void ParseOne(ref Utf8JsonReader reader, List<HeldAddress> into)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            if (JsonFields.Text(ref reader) is { } text)
            {
                into.Add(new HeldAddress(text, null, false));
            }

            return;
        }

        string? ip = null;
        long? time = null, timeMs = null;
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "ip": ip = JsonFields.Text(ref reader); break;
                case "timems": timeMs = JsonFields.TimeOrSeconds(ref reader); break;
                case "time": time = JsonFields.TimeOrSeconds(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        if (ip is not null)
        {
            into.Add(new HeldAddress(ip, timeMs ?? time, false));
        }
    }
}
