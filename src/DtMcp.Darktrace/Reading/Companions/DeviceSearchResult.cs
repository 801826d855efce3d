using System.Text.Json;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>What a device search found: how many match in all, and those that were read.</summary>
public sealed record DeviceSearchResult(long Total, IReadOnlyList<Device> Devices)
{
    /// <summary><c>{"totalCount":1,"devices":[{...}]}</c></summary>
    internal static DeviceSearchResult Parse(ref Utf8JsonReader reader)
    {
        long? total = null;
        List<Device> devices = [];
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            devices = JsonFields.Items(ref reader, Device.Parse);
        }
        else if (JsonFields.IsObject(ref reader))
        {
            while (JsonFields.NextField(ref reader, out var field))
            {
                switch (field)
                {
                    case "totalcount": total = JsonFields.Whole(ref reader); break;
                    case "devices": devices = JsonFields.Items(ref reader, Device.Parse); break;
                    default: reader.Skip(); break;
                }
            }
        }

        return new DeviceSearchResult(total ?? devices.Count, devices);
    }
}
