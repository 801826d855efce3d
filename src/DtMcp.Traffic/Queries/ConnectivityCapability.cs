namespace DtMcp.Traffic.Queries;

/// <summary>What a question groups by.</summary>
internal enum TableDimension
{
    All,
    Protocol,
    ApplicationProtocol,
    Status,
    Port,
    Device,
    Subnet,
    Destination,
    Source,
    Inbound,
    Hour,
    ConnectionPair,
}

/// <summary>What a question counts of each.</summary>
internal enum TableQuantity
{
    Bytes,
    BytesInOut,
    Connections,
    Packets,
    Number,
    Ports,
    Starts,
}

/// <summary>What an answer in tables is about.</summary>
internal enum ConnectivityView
{
    Everything,
    Subnet,
    Device,
}

internal enum Certainty
{
    /// <summary>The figure is the one that rows would give.</summary>
    Exact,

    /// <summary>Told unless the traffic makes it unknowable (see the reason), and left out then.</summary>
    Bounded,

    /// <summary>Never told.</summary>
    Unknown,
}

/// <summary>What connectivity tables can tell of a dimension and a measure.</summary>
/// <param name="Certainty">How surely.</param>
/// <param name="Reason">Why not, or what an exact figure means where that is no matter of course.</param>
internal readonly record struct TableKnowledge(Certainty Certainty, string? Reason);

/// <summary>
/// The one place that says what connectivity tables can tell, by view, dimension and measure: the tables leave out what is unknown, and the
/// notes are these reasons.
/// </summary>
internal static class ConnectivityCapability
{
    /// <summary>Most subnets asked for what their devices sent and received.</summary>
    public const int MaxSubnets = 8;

    /// <summary>Most devices asked for their hours.</summary>
    public const int MaxDevices = 32;

    private const string NoRows =
        "connection and packet counts, times and ports per peer are not told, only connection records (Advanced Search) have them";

    private const string BothWays =
        "a host that both began connections and took some has one sum for all of them: its bytes are left out where only one kind is meant";

    private const string Nameless =
        "inside addresses that are no devices (link-local, multicast) share one entry, so a number that needs them apart is left out";

    private static readonly TableKnowledge Exact = new(Certainty.Exact, null);

    public static TableKnowledge Of(ConnectivityView view, TableDimension dimension, TableQuantity measure) =>
        (view, dimension, measure) switch
        {
            (_, TableDimension.ConnectionPair, _) or (_, _, TableQuantity.Starts) => new(
                Certainty.Unknown,
                "hunting needs one row a connection (start, ports, bytes), which only connection records (Advanced Search) give"),
            (_, _, TableQuantity.Connections or TableQuantity.Packets or TableQuantity.Ports) => new(Certainty.Unknown, NoRows),

            (ConnectivityView.Everything, TableDimension.Device, TableQuantity.BytesInOut) => new(
                Certainty.Bounded,
                $"an answer about everything counts in and out as the originator saw them; a device's own are from its subnet's answer, "
                    + $"of {MaxSubnets} subnets at most, and left out beyond (ask did= or subnet=)"),
            (_, TableDimension.Hour, TableQuantity.BytesInOut) => new(
                Certainty.Bounded, $"hours are asked device by device, of {MaxDevices} devices at most, and left out beyond (ask did=)"),
            (ConnectivityView.Everything, TableDimension.Protocol or TableDimension.ApplicationProtocol or TableDimension.Status,
                TableQuantity.BytesInOut) => new(
                Certainty.Exact, "bytes_out of protocols and status is what originators sent, bytes_in what came back"),
            (ConnectivityView.Device, TableDimension.Protocol or TableDimension.ApplicationProtocol, TableQuantity.Bytes) => new(
                Certainty.Exact, "protocols and ports are of all that the device took part in, not only of what it began"),
            (ConnectivityView.Subnet, TableDimension.ApplicationProtocol, TableQuantity.Bytes) => new(
                Certainty.Exact, "applicationprotocols are of all connections with an end in the subnet, not only of those within it"),
            (ConnectivityView.Everything or ConnectivityView.Subnet, TableDimension.Port, TableQuantity.Bytes) => new(
                Certainty.Unknown, "ports are told for one device only (ask did=)"),

            (_, TableDimension.Destination or TableDimension.Source or TableDimension.Inbound, TableQuantity.Bytes) =>
                new(Certainty.Bounded, BothWays),
            (ConnectivityView.Device, TableDimension.Destination, TableQuantity.Number)
                or (_, TableDimension.Source or TableDimension.Inbound, TableQuantity.Number) =>
                new(Certainty.Bounded, Nameless),
            _ => Exact,
        };
}

/// <summary>Gathers what an answer leaves out, and says it in one note.</summary>
internal sealed class ConnectivityLimits(ConnectivityView view)
{
    private readonly List<string> _reasons = [];

    public ConnectivityView View => view;

    /// <summary>What the answer shows, or would: reasons of what is never told and meanings of what is.</summary>
    public ConnectivityLimits Shows(TableDimension dimension, params ReadOnlySpan<TableQuantity> measures)
    {
        foreach (var measure in measures)
        {
            var known = ConnectivityCapability.Of(view, dimension, measure);
            if (known.Certainty != Certainty.Bounded)
            {
                Add(known.Reason);
            }
        }

        return this;
    }

    /// <summary>Something that is told as a rule could not be told here.</summary>
    public void LeavesOut(TableDimension dimension, TableQuantity measure) =>
        Add(ConnectivityCapability.Of(view, dimension, measure).Reason);

    public string Note() => _reasons.Count == 0
        ? "This stands on connectivity tables."
        : $"This stands on connectivity tables: {string.Join("; ", _reasons)}.";

    private void Add(string? reason)
    {
        if (reason is not null && !_reasons.Contains(reason))
        {
            _reasons.Add(reason);
        }
    }
}
