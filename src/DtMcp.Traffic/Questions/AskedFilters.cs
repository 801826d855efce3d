using DtMcp.Darktrace.Requests;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Traffic.Questions;

/// <summary>The filters of a question as answers echo them: in the API's names, those that are set.</summary>
internal static class AskedFilters
{
    public static IReadOnlyList<Field> Of(Question question, NetworkQuery filters)
    {
        List<Field> fields = [];
        Add("did", Cell.Of(filters.Did));
        Add("ip", Cell.Of(filters.Ip?.ToString()));
        Add("hostname", Cell.Of(question.Hostname));
        Add("viewsubnet", Cell.Of(filters.ViewSubnet));
        Add("subnet", Cell.Of(question.Subnet?.ToString()));
        Add("intext", Cell.Of(filters.IntExt?.Word()));
        Add("protocol", Cell.Of(filters.Protocol));
        Add("applicationprotocol", Cell.Of(filters.ApplicationProtocol));
        Add("port", Cell.Of(filters.Port));
        Add("sourceport", Cell.Of(filters.SourcePort));
        Add("destinationport", Cell.Of(filters.DestinationPort));
        foreach (var (name, value) in question.Conditions.Arguments)
        {
            Add(name, Cell.Of(value));
        }

        Add("interval", Cell.Of(question.Interval is { } interval ? IntervalText.Of(interval) : null));
        Add("metric", Cell.Of(filters.Metric));
        Add("fulldevicedetails", filters.FullDeviceDetails is { } full ? Cell.Of(full) : Cell.Absent);
        Add("responsedata", Cell.Of(filters.ResponseData));
        foreach (var (name, value) in question.Investigation.Arguments)
        {
            Add(name, Cell.Of(value));
        }

        return fields;

        void Add(string name, Cell value)
        {
            if (value.Kind != CellKind.Absent)
            {
                fields.Add(new Field(name, value));
            }
        }
    }
}
