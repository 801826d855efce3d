using System.Text.Json;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>What <c>/status</c> says of the appliance itself.</summary>
public sealed record ApplianceStatus
{
    /// <summary>Such as <c>6.1.23 (f35936c6)</c>.</summary>
    public string? Version { get; init; }

    /// <summary>The appliance's clock in milliseconds since 1970, in whole minutes.</summary>
    public long? TimeMs { get; init; }

    public string? Hostname { get; init; }

    /// <summary>Such as <c>master</c>.</summary>
    public string? Type { get; init; }

    public long? Subnets { get; init; }

    /// <summary>CIDR ranges that the appliance takes for internal.</summary>
    public required IReadOnlyList<string> InternalRanges { get; init; }

    /// <summary><c>{"time":"2026-01-15 09:00","version":"6.1.23 (f35936c6)","hostname":"example","type":"master","internalIPRangeList":["192.0.2.0/24"],"subnets":97}</c></summary>
    internal static ApplianceStatus Parse(ref Utf8JsonReader reader)
    {
        var items = Json.Items(ref reader, ParseOne);
        return items.Count > 0 ? items[0] : new ApplianceStatus { InternalRanges = [] };
    }

    private static ApplianceStatus ParseOne(ref Utf8JsonReader reader)
    {
        var status = new ApplianceStatus { InternalRanges = [] };
        while (Json.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "version": status = status with { Version = Json.Text(ref reader) }; break;
                case "time": status = status with { TimeMs = Json.Time(ref reader) }; break;
                case "hostname": status = status with { Hostname = Json.Text(ref reader) }; break;
                case "type": status = status with { Type = Json.Text(ref reader) }; break;
                case "subnets": status = status with { Subnets = Json.Whole(ref reader) }; break;
                case "internaliprangelist": status = status with { InternalRanges = Json.Texts(ref reader, "range") }; break;
                default: reader.Skip(); break;
            }
        }

        return status;
    }
}
