using System.Text.Json;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>What <c>/summarystatistics</c> counts over the appliance.</summary>
public sealed record SummaryStatistics
{
    public long? Subnets { get; init; }

    public long? Patterns { get; init; }

    /// <summary>Users' credentials seen.</summary>
    public long? Credentials { get; init; }

    /// <summary>Devices of all kinds.</summary>
    public long? Devices { get; init; }

    public long? ClientDevices { get; init; }

    public long? ServerDevices { get; init; }

    /// <summary>
    /// <c>{"usercredentialcount":82,"subnets":23,"patterns":3278640,"devicecount":{"totalClient":285,"totalServer":87,"total":519}}</c>
    /// </summary>
    internal static SummaryStatistics Parse(ref Utf8JsonReader reader)
    {
        var items = JsonFields.Items(ref reader, ParseOne);
        return items.Count > 0 ? items[0] : new SummaryStatistics();
    }

    private static SummaryStatistics ParseOne(ref Utf8JsonReader reader)
    {
        var statistics = new SummaryStatistics();
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "subnets": statistics = statistics with { Subnets = JsonFields.Whole(ref reader) }; break;
                case "patterns": statistics = statistics with { Patterns = JsonFields.Whole(ref reader) }; break;
                case "usercredentialcount": statistics = statistics with { Credentials = JsonFields.Whole(ref reader) }; break;
                case "devicecount" when JsonFields.IsObject(ref reader): statistics = ParseDevices(ref reader, statistics); break;
                case "devicecount": break;
                default: reader.Skip(); break;
            }
        }

        return statistics;
    }

    private static SummaryStatistics ParseDevices(ref Utf8JsonReader reader, SummaryStatistics statistics)
    {
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "total": statistics = statistics with { Devices = JsonFields.Whole(ref reader) }; break;
                case "totalclient": statistics = statistics with { ClientDevices = JsonFields.Whole(ref reader) }; break;
                case "totalserver": statistics = statistics with { ServerDevices = JsonFields.Whole(ref reader) }; break;
                default: reader.Skip(); break;
            }
        }

        return statistics;
    }
}
