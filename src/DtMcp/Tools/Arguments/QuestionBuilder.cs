using System.Globalization;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools.Arguments;

/// <summary>Arguments to a question: the part that all tools share.</summary>
internal static class QuestionBuilder
{
    public static Question From(Investigation investigation, ToolArguments arguments, TimeProvider clock)
    {
        arguments.NotBoth(Hostname, Did);
        arguments.NotBoth(Subnet, ViewSubnet);

        var viewed = arguments.Text(ViewSubnet);
        var sid = long.TryParse(viewed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        var range = AddressRange.TryParse(viewed, out var parsed) && sid is null ? parsed : (AddressRange?)null;
        return new Question
        {
            Investigation = investigation,
            Filters = Filters(arguments) with { ViewSubnet = sid },
            Window = TimeArguments.Window(arguments, clock),
            IsRelative = !arguments.Has(Parameters.From) && !arguments.Has(StartTime),
            HasWindow = arguments.Has(Last) || arguments.Has(Parameters.From) || arguments.Has(StartTime),
            Hostname = arguments.Text(Hostname),
            Subnet = arguments.Range(Subnet) ?? range,
            SubnetName = sid is null && range is null ? viewed : null,
            Limit = arguments.SmallInteger(Limit),
            Cursor = arguments.Text(Cursor),
            Sort = arguments.Order(Sort),
            Detail = arguments.Text(Parameters.Detail) switch
            {
                "brief" => Traffic.Questions.Detail.Brief,
                "full" => Traffic.Questions.Detail.Full,
                _ => Traffic.Questions.Detail.Normal,
            },
            Format = arguments.Text(Format) switch
            {
                "csv" => AnswerFormat.Csv,
                "json" => AnswerFormat.Json,
                _ => AnswerFormat.Markdown,
            },
            Refresh = arguments.Flag(Refresh) ?? false,
            Evidence = EvidenceWishes.Of(arguments.Text(Evidence)),
        };
    }

    private static NetworkQuery Filters(ToolArguments arguments) => new()
    {
        Did = arguments.Integer(Did),
        Ip = arguments.Address(Ip),
        Metric = arguments.Text(Metric),
        IntExt = TrafficSides.Of(arguments.Text(IntExt)),
        Protocol = arguments.Text(Protocol),
        ApplicationProtocol = arguments.Text(ApplicationProtocol),
        Port = arguments.SmallInteger(Port),
        SourcePort = arguments.SmallInteger(SourcePort),
        DestinationPort = arguments.SmallInteger(DestinationPort),
        FullDeviceDetails = arguments.Flag(FullDeviceDetails),
        ResponseData = arguments.Text(ResponseData),
    };
}
