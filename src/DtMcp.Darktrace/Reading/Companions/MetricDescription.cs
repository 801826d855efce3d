using System.Text.Json;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>An entry of <c>/metrics</c>. <see cref="Name"/> is what filters take; <see cref="Mlid"/> differs between appliances.</summary>
public sealed record MetricDescription(long? Mlid, string Name, string? Label, string? Units, string? Set,
    IReadOnlyList<string> FilterTypes)
{
    /// <summary>
    /// <c>{"mlid":17,"name":"datatransfervolume","label":"Data Transfer","units":"bytes","filtertypes":["Direction"]}</c>
    /// </summary>
    internal static MetricDescription? Parse(ref Utf8JsonReader reader)
    {
        long? mlid = null;
        string? name = null, label = null, units = null, set = null;
        IReadOnlyList<string> filterTypes = [];
        while (Json.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "mlid": mlid = Json.Whole(ref reader); break;
                case "name": name = Json.Text(ref reader); break;
                case "label": label = Json.Text(ref reader); break;
                case "units": units = Json.Text(ref reader); break;
                case "set": set = Json.Text(ref reader); break;
                case "filtertypes": filterTypes = Json.Texts(ref reader, "name"); break;
                default: reader.Skip(); break;
            }
        }

        return name is null ? null : new MetricDescription(mlid, name, label, units, set, filterTypes);
    }
}
