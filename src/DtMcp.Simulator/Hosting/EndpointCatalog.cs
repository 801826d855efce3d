using DtMcp.Simulator.Endpoints;
using DtMcp.Simulator.Endpoints.AdvancedSearch;
using DtMcp.Simulator.Endpoints.AiAnalyst;
using DtMcp.Simulator.Endpoints.Companions;
using DtMcp.Simulator.Endpoints.Network;

namespace DtMcp.Simulator.Hosting;

/// <summary>Every endpoint that the emulated appliance has. Another path answers as an unknown one does.</summary>
internal static class EndpointCatalog
{
    public static IReadOnlyList<IEndpoint> All { get; } =
    [
        new NetworkEndpoint(),
        new EnumsEndpoint(),
        new MetricsEndpoint(one: false),
        new MetricsEndpoint(one: true),
        new MetricDataEndpoint(),
        new DevicesEndpoint(),
        new DeviceSearchEndpoint(),
        new SubnetsEndpoint(),
        new EndpointDetailsEndpoint(),
        new DetailsEndpoint(),
        new ModelBreachesEndpoint(one: false),
        new ModelBreachesEndpoint(one: true),
        new IncidentEventsEndpoint(),
        new IncidentGroupsEndpoint(),
        new StatusEndpoint(),
        new SummaryStatisticsEndpoint(),
        new AdvancedSearchEndpoint(posted: false),
        new AdvancedSearchEndpoint(posted: true),
        new AnalyzeEndpoint(),
        new GraphEndpoint(),
    ];

    /// <summary>The name that keys an endpoint's errors and that permissions go by: the first segment of its path.</summary>
    public static string NameOf(IEndpoint endpoint) => endpoint.Path.Split('/', StringSplitOptions.RemoveEmptyEntries)[0];

    /// <summary>The endpoint at a path and what follows it; null for none.</summary>
    public static (IEndpoint Endpoint, string Remainder)? Find(string path)
    {
        foreach (var endpoint in All)
        {
            if (endpoint.Path.EndsWith('/') ? path.StartsWith(endpoint.Path, StringComparison.Ordinal) : path == endpoint.Path)
            {
                return (endpoint, path[endpoint.Path.Length..]);
            }
        }

        return null;
    }
}
