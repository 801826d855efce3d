using System.Text.Json;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>
/// The shape of the vendor's guide: <c>statistics, subnets, devices, [externaldevices], metric, connections</c> (docs/APPLIANCE-API.md,
/// /network: the guide's shape). Without <c>intext</c> a device is shown its internal connections only, a subnet and the whole network both
/// kinds. <c>responsedata</c> takes one name of the top level.
/// </summary>
internal sealed class GuideAnswer
{
    private readonly RecordSet _records;
    private readonly NetworkQuery _query;
    private readonly NetworkMetric _metric;
    private readonly GuideVariant _variant;

    public GuideAnswer(RecordSet records, NetworkQuery query)
    {
        _variant = GuideVariant.Of(query);
        _records = records;
        _query = _variant.IsDeviceView && query.Filter.Internal is null
            ? query with { Filter = query.Filter with { Internal = true } }
            : query;
        _metric = query.Metric is { } name ? NetworkMetric.Find(name)! : NetworkMetric.Default;
    }

    public async Task WriteAsync(AnswerWriter answer, CancellationToken cancellationToken)
    {
        var tally = new GuideTally(_records, new Selection(_records, _query.Filter), _metric);
        var unusual = new UnusualPairs(_records);
        var hosts = new GuideHosts(_records, tally, answer);
        var json = answer.Json;
        json.WriteStartObject();
        if (Wants("statistics"))
        {
            await new GuideStatistics(_records, tally, _variant, unusual, answer).WriteAsync(cancellationToken).ConfigureAwait(false);
        }

        if (Wants("subnets"))
        {
            hosts.WriteSubnets(_variant.IsDeviceView);
        }

        if (Wants("devices"))
        {
            await hosts.WriteDevicesAsync(_query.FullDeviceDetails, cancellationToken).ConfigureAwait(false);
        }

        if (_variant.ListsExternalDevices && Wants("externaldevices"))
        {
            await hosts.WriteExternalAsync(cancellationToken).ConfigureAwait(false);
        }

        if (Wants("metric"))
        {
            WriteMetric(json);
        }

        if (Wants("connections"))
        {
            await new GuideConnections(_records, tally, _variant, unusual, answer).WriteAsync(_query.Filter,
                cancellationToken).ConfigureAwait(false);
        }

        json.WriteEndObject();
    }

    /// <summary>A list of names is no name of the top level.</summary>
    private bool Wants(string name) => _query.Fields is null || (_query.Fields.Count == 1 && _query.Names(name));

    private void WriteMetric(Utf8JsonWriter json)
    {
        json.WriteStartObject("metric"u8);
        json.WriteNumber("mlid"u8, _metric.Mlid);
        json.WriteString("name"u8, _metric.Name);
        json.WriteString("label"u8, _metric.Label);
        json.WriteString("units"u8, _metric.Units);
        json.WriteStartArray("filtertypes"u8);
        foreach (var type in (ReadOnlySpan<string>)["Feature model", "Direction", "Destination port"])
        {
            json.WriteStringValue(type);
        }

        json.WriteEndArray();
        json.WriteNumber("unitsinterval"u8, 3600);
        json.WriteNumber("lengthscale"u8, 599_997_600);
        json.WriteEndObject();
    }
}
