using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>What /network is asked, checked: filters, metric, which fields.</summary>
internal sealed record NetworkQuery
{
    public required Filter Filter { get; init; }

    public bool FullDeviceDetails { get; init; }

    /// <summary>Null for the default one.</summary>
    public string? Metric { get; init; }

    /// <summary>The names in <c>responsedata</c>; null for everything.</summary>
    public IReadOnlyList<string>? Fields { get; init; }

    public bool HasFocus => Filter.Did is not null || Filter.Ip is not null || Filter.ViewSubnet is not null;

    public static NetworkQuery From(EndpointRequest request) => new()
    {
        Filter = request.Filter(),
        FullDeviceDetails = request.Flag("fulldevicedetails") ?? false,
        Metric = request.Text("metric")?.ToLowerInvariant(),
        Fields = request.Text("responsedata")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
    };

    public bool Wants(string name) => Fields is null || Names(name);

    /// <summary>Whether <c>responsedata</c> has this name.</summary>
    public bool Names(string name) => Fields?.Contains(name, StringComparer.OrdinalIgnoreCase) == true;
}
