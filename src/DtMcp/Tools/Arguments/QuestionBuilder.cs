using System.Globalization;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Conditions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools.Arguments;

/// <summary>Arguments to a question: the part that all tools share.</summary>
internal static class QuestionBuilder
{
    public static Question From(Investigation investigation, ToolArguments arguments)
    {
        arguments.NotBoth(Hostname, Did);
        arguments.NotBoth(Subnet, ViewSubnet);
        arguments.NotBoth(Limit, Top);

        var viewed = arguments.Text(Subnet) ?? arguments.Text(ViewSubnet);
        var sid = long.TryParse(viewed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        var range = AddressRange.TryParse(viewed, out var parsed) && sid is null ? parsed : (AddressRange?)null;
        return new Question
        {
            Investigation = investigation,
            Filters = Filters(arguments) with { ViewSubnet = sid },
            Conditions = Conditions(arguments),
            Interval = IntervalOf(arguments),
            Window = TimeArguments.Window(arguments),
            Zone = arguments.Clock.Zone,
            IsRelative = TimeArguments.IsRelative(arguments),
            HasWindow = arguments.Has(Last) || arguments.Has(Parameters.From) || arguments.Has(StartTime),
            Hostname = arguments.Text(Hostname),
            Subnet = range,
            SubnetName = sid is null && range is null ? viewed : null,
            Limit = arguments.SmallInteger(Limit) ?? arguments.SmallInteger(Top),
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

    private static RowConditions Conditions(ToolArguments arguments)
    {
        var peer = arguments.Text(Peer);
        var range = AddressRange.TryParse(peer, out var network) ? network
            : NetAddress.TryParse(peer, out var address) ? AddressRange.Around(address, address.IsIPv4 ? 32 : 128)
            : (AddressRange?)null;
        return new RowConditions
        {
            Peer = range,
            PeerName = range is null ? peer : null,
            Direction = TrafficDirections.Of(arguments.Text(Direction)),
            State = ConnectionStates.Of(arguments.Text(State)),
            Country = arguments.Text(Country),
            Asn = arguments.Text(Asn),
            MinBytes = arguments.Integer(MinBytes),
        };
    }

    private static TimeSpan? IntervalOf(ToolArguments arguments) => arguments.Duration(Interval) is not { } interval ? null
        : interval >= TimeSpan.FromSeconds(1) ? interval
        : throw Refusal.Of("interval is shorter than a second.", "It takes a length such as 5m, 1h or 1d.");

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
