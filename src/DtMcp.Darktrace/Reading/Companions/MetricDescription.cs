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
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "mlid": mlid = JsonFields.Whole(ref reader); break;
                case "name": name = JsonFields.Text(ref reader); break;
                case "label": label = JsonFields.Text(ref reader); break;
                case "units": units = JsonFields.Text(ref reader); break;
                case "set": set = JsonFields.Text(ref reader); break;
                case "filtertypes": filterTypes = JsonFields.Texts(ref reader, "name"); break;
                default: reader.Skip(); break;
            }
        }

        return name is null ? null : new MetricDescription(mlid, name, label, units, set, filterTypes);
    }
}
