using System.Globalization;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Lookups;

/// <summary>
/// A host outside: who talks to it, since when, how much went there and came from there, over which ports; beside it what the appliance
/// knows of it, its names, and the breaches of those who talk to it.
/// </summary>
public sealed record EndpointDescription : QueryInvestigation
{
    private static readonly Query Wanted = new()
    {
        Totals =
        [
            new("connections", MeasureKind.Connections, Terms.Touches),
            new("bytes", MeasureKind.Bytes, Terms.Touches),
            new("uploaded", MeasureKind.BytesIn, Terms.Touches),
            new("downloaded", MeasureKind.BytesOut, Terms.Touches),
            new("began_by_it", MeasureKind.Connections, Terms.Started),
        ],
        Tables =
        [
            new()
            {
                Name = "devices",
                By = Dimension.Peer,
                Where = Terms.External,
                IsFree = true,
                Columns =
                [
                    Column.Ip, Column.Did, Column.Hostname, Column.Connections, Column.BytesIn.Named("uploaded"),
                    Column.BytesOut.Named("downloaded"), Column.Bytes.OfTables(), Column.Of("failed", MeasureKind.Failed),
                    Column.Of("first", MeasureKind.First), Column.Of("last", MeasureKind.Last),
                ],
            },
            SharedTables.Ports("ports", Dimension.DestinationPort, Terms.Touches),
            SharedTables.ApplicationProtocols(MeasureKind.Bytes, Terms.Touches),
        ],
    };

    // About as many as fit an answer.
    private const long MostListed = 50;

    public override string Name => "describe_endpoint";

    internal override Needs Needs => new(IsAboutEndpoint: true);

    internal override Query Query => Wanted;

    internal override IEnumerable<string> Notes(Findings found) =>
        found.Totals.Any(total => total is { Name: "connections", Value.Integer: 0 })
            ? []
            : ["uploaded is what devices sent to it, downloaded what it sent; first and last are starts within the window."];

    internal override IEnumerable<string> Next(Findings found, AnalysisSettings settings)
    {
        // Who was first, and all the others.
        if (found.Tables.FirstOrDefault(table => table.Name == "devices") is { } devices && devices.Of > devices.Rows.Count)
        {
            yield return NextCalls.Of(settings, "aggregate_traffic", "by=peer", "measure=first", "sort=ascending",
                string.Create(CultureInfo.InvariantCulture, $"limit={Math.Min(devices.Of, MostListed)}"), $"ip={settings.FocusAddress}");
        }

        if (NextCalls.First(found, "devices", "did") is { Kind: CellKind.Integer } did)
        {
            var device = string.Create(CultureInfo.InvariantCulture, $"did={did.Integer}");
            yield return NextCalls.Of(settings, "analyze_device_activity", device, "timeline=true");
            yield return NextCalls.Of(settings, "get_network_traffic", device, $"peer={settings.FocusAddress}", "sort=bytes");
            yield return NextCalls.Course(settings, device, $"peer={settings.FocusAddress}");
        }
    }
}
