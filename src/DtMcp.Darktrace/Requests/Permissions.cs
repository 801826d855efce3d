namespace DtMcp.Darktrace.Requests;

/// <summary>What a user's token needs to GET an endpoint (the vendor guide's table). A global token has all of them.</summary>
public static class Permissions
{
    private const string Anonymised = "; without \"Unrestricted Devices\" the answer is anonymised";

    /// <summary>
    /// The permission that <paramref name="endpoint"/> needs, as the appliance's user settings name it, or null when it is not known.
    /// </summary>
    public static string? For(string endpoint) => endpoint switch
    {
        "/network" or "/endpointdetails" => "\"Visualizer\"" + Anonymised,
        "/details" => "any of \"Visualizer\", \"Platform Accounts Console\"" + Anonymised,
        "/devices" =>
            "any of \"Visualizer\", \"Platform Accounts Console\", \"View Models\", \"Edit Models\", \"Device Admin\"" + Anonymised,
        "/devicesearch" => "both \"Visualizer\" and \"Unrestricted Devices\"",
        "/enums" or "/metrics" => "any of \"Visualizer\", \"Platform Accounts Console\", \"View Models\", \"Edit Models\"",
        "/metricdata" or "/summarystatistics" => "\"Visualizer\"",
        "/modelbreaches" => "any of \"Visualizer\", \"Platform Accounts Console\", \"View Models\", \"Edit Models\"" + Anonymised,
        "/subnets" => "any of \"Visualizer\", \"Platform Accounts Console\", \"Subnet Admin\"",
        "/status" => "\"Status\"",
        "/advancedsearch/api/search" or "/advancedsearch/api/analyze" or "/advancedsearch/api/graph" =>
            "both \"Unrestricted Devices\" and \"Advanced Search\"",
        _ => null,
    };
}
