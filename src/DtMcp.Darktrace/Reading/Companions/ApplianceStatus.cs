using System.Text.Json;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>A master under a Unified View.</summary>
public sealed record ApplianceInstance(string Name, string? Version, bool DoesAnswer);

/// <summary>What <c>/status</c> says of the appliance itself.</summary>
public sealed record ApplianceStatus
{
    /// <summary>Such as <c>6.1.23 (f35936c6)</c>.</summary>
    public string? Version { get; init; }

    /// <summary>The appliance's clock in milliseconds since 1970, in whole minutes.</summary>
    public long? TimeMs { get; init; }

    public string? Hostname { get; init; }

    /// <summary>Such as <c>master</c> or <c>unifiedView</c>.</summary>
    public string? Type { get; init; }

    public long? Subnets { get; init; }

    /// <summary>CIDR ranges that the appliance takes for internal; of a Unified View those of all its masters.</summary>
    public required IReadOnlyList<string> InternalRanges { get; init; }

    /// <summary>The masters of a Unified View; empty for a master.</summary>
    public IReadOnlyList<ApplianceInstance> Instances { get; init; } = [];

    /// <summary><c>{"time":"2026-01-15 09:00","version":"6.1.23
    /// (f35936c6)","hostname":"example","type":"master","internalIPRangeList":["192.0.2.0/24"],"subnets":97}</c>; a Unified View has
    /// <c>"instances":{"master-1":{"version":"6.1.23","internalIPRangeList":["192.0.2.0/24"],"subnets":1},"master-2":{"error":true}}</c>
    /// instead of ranges and subnets.</summary>
    internal static ApplianceStatus Parse(ref Utf8JsonReader reader)
    {
        var items = JsonFields.Items(ref reader, ParseOne);
        return items.Count > 0 ? items[0] : new ApplianceStatus { InternalRanges = [] };
    }

    private static ApplianceStatus ParseOne(ref Utf8JsonReader reader)
    {
        var status = new ApplianceStatus { InternalRanges = [] };
        List<(ApplianceInstance Instance, ApplianceStatus Status)> instances = [];
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "version": status = status with { Version = JsonFields.Text(ref reader) }; break;
                case "time": status = status with { TimeMs = JsonFields.Time(ref reader) }; break;
                case "hostname": status = status with { Hostname = JsonFields.Text(ref reader) }; break;
                case "type": status = status with { Type = JsonFields.Text(ref reader) }; break;
                case "subnets": status = status with { Subnets = JsonFields.Whole(ref reader) }; break;
                case "internaliprangelist": status = status with { InternalRanges = JsonFields.Texts(ref reader, "range") }; break;
                case "instances": instances = ParseInstances(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return instances.Count == 0 ? status : status with
        {
            Instances = [.. instances.Select(pair => pair.Instance)],
            InternalRanges = [.. status.InternalRanges.Concat(instances.SelectMany(pair => pair.Status.InternalRanges)).Distinct()],
            Subnets = status.Subnets ?? instances.Sum(pair => pair.Status.Subnets),
        };
    }

    // By name, or by number on newer versions; one that does not answer has an error.
    private static List<(ApplianceInstance, ApplianceStatus)> ParseInstances(ref Utf8JsonReader reader)
    {
        List<(ApplianceInstance, ApplianceStatus)> instances = [];
        if (!JsonFields.IsObject(ref reader))
        {
            return instances;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = JsonFields.Name(ref reader);
            reader.Read();
            if (JsonFields.IsObject(ref reader))
            {
                var (name, hasFailed, status) = ParseInstance(ref reader);
                instances.Add((new ApplianceInstance(name ?? status.Hostname ?? key, status.Version, !hasFailed), status));
            }
        }

        return instances;
    }

    private static (string? Label, bool HasFailed, ApplianceStatus Status) ParseInstance(ref Utf8JsonReader reader)
    {
        string? label = null;
        var hasFailed = false;
        var status = new ApplianceStatus { InternalRanges = [] };
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "label": label = JsonFields.Text(ref reader); break;
                case "error": hasFailed = JsonFields.Text(ref reader) is not (null or "false"); break;
                case "hostname": status = status with { Hostname = JsonFields.Text(ref reader) }; break;
                case "version": status = status with { Version = JsonFields.Text(ref reader) }; break;
                case "subnets": status = status with { Subnets = JsonFields.Whole(ref reader) }; break;
                case "internaliprangelist": status = status with { InternalRanges = JsonFields.Texts(ref reader, "range") }; break;
                default: reader.Skip(); break;
            }
        }

        return (label, hasFailed, status);
    }
}
