using System.Globalization;
using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Records.ConnLogs;

/// <summary>One line of a conn.log, field by field as text; <c>-</c> and null are unknown.</summary>
internal sealed class ConnLogEntry
{
    private const double FirstMillisecondTime = 1e11;

    // The year 9990: what is kept of a later time cannot be written as a date.
    private const double LastMs = 253_086_768_000_000;

    public long? StartMs { get; private set; }

    public string? Uid { get; private set; }

    public IpAddress? Source { get; private set; }

    public IpAddress? Destination { get; private set; }

    public ushort SourcePort { get; private set; }

    public ushort DestinationPort { get; private set; }

    public string? Protocol { get; private set; }

    public string? Service { get; private set; }

    public double DurationSeconds { get; private set; } = double.NaN;

    public long OrigBytes { get; private set; }

    public long RespBytes { get; private set; }

    public long OrigPackets { get; private set; }

    public long RespPackets { get; private set; }

    public ConnState State { get; private set; }

    public string? SourceMac { get; private set; }

    public string? DestinationMac { get; private set; }

    /// <summary>Takes a field by Zeek's name; others are passed over. Some shippers write <c>_</c> for the dot.</summary>
    public void Set(string field, string value)
    {
        switch (field)
        {
            case "ts":
                StartMs = Time(value);
                break;
            case "uid":
                Uid = value;
                break;
            case "id.orig_h" or "id_orig_h":
                Source = Address(field, value);
                break;
            case "id.resp_h" or "id_resp_h":
                Destination = Address(field, value);
                break;
            case "id.orig_p" or "id_orig_p":
                SourcePort = Port(field, value);
                break;
            case "id.resp_p" or "id_resp_p":
                DestinationPort = Port(field, value);
                break;
            case "proto":
                Protocol = value;
                break;
            case "service":
                Service = value;
                break;
            case "duration":
                DurationSeconds = Number(field, value);
                break;
            case "orig_bytes":
                OrigBytes = Count(field, value);
                break;
            case "resp_bytes":
                RespBytes = Count(field, value);
                break;
            case "orig_pkts":
                OrigPackets = Count(field, value);
                break;
            case "resp_pkts":
                RespPackets = Count(field, value);
                break;
            case "conn_state":
                State = Enum.TryParse<ConnState>(value, out var state) ? state : ConnState.None;
                break;
            case "orig_l2_addr":
                SourceMac = value;
                break;
            case "resp_l2_addr":
                DestinationMac = value;
                break;
            default:
                break;
        }
    }

    private static long Time(string value)
    {
        // Zeek's JSON::TS_MILLIS writes whole milliseconds.
        var milliseconds = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? Math.Round(seconds >= FirstMillisecondTime ? seconds : seconds * 1000)
            : DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? Math.Round((time - DateTimeOffset.UnixEpoch).TotalMilliseconds)
                : throw new FormatException($"ts '{value}' is no time");
        return milliseconds is >= 0 and <= LastMs ? (long)milliseconds : throw new FormatException($"ts '{value}' is no time from 1970 on");
    }

    private static IpAddress Address(string field, string value) =>
        IpAddress.TryParse(value, out var address) ? address : throw new FormatException($"{field} '{value}' is no address");

    private static ushort Port(string field, string value) =>
        ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : throw new FormatException($"{field} '{value}' is no port");

    private static long Count(string field, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new FormatException($"{field} '{value}' is no count");

    private static double Number(string field, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new FormatException($"{field} '{value}' is no number");
}
