using DtMcp.Simulator.Records;
using DtMcp.Simulator.Setup;

namespace DtMcp.Simulator.Endpoints.Network;

/// <summary><c>GET /network</c> in the dialect of the options.</summary>
internal sealed class NetworkEndpoint : IEndpoint
{
    public string Path => "/network";

    public Permission Needs => Permission.Visualizer;

    public Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        var query = NetworkQuery.From(request);
        var isSdk = request.Appliance.Options.Dialect == Dialect.Sdk;
        if (query.Metric is { } metric && !(isSdk && metric == BandwidthSeries.Metric) && NetworkMetric.Find(metric) is null)
        {
            throw new InputErrorException($"metric={metric} is none of those in /metrics");
        }

        if (!isSdk)
        {
            return new GuideAnswer(request.Records, query).WriteAsync(answer, cancellationToken);
        }

        var selection = new Selection(request.Records, query.Filter);
        return query.Metric == BandwidthSeries.Metric
            ? BandwidthSeries.WriteAsync(request.Records, query, selection, answer, cancellationToken)
            : new TrafficRows(request.Records, query, selection).WriteAsync(answer, cancellationToken);
    }
}
