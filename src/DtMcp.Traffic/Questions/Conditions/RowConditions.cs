using System.Globalization;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Questions.Conditions;

/// <summary>
/// Filters that <c>/network</c> does not have: they select rows here, and need rows. Joined by AND with each other and with the API's own.
/// </summary>
public sealed record RowConditions
{
    public static readonly RowConditions None = new();

    /// <summary>
    /// The other end: of a device, an address or a subnet that is asked about; either end where none is.
    /// </summary>
    public AddressRange? Peer { get; init; }

    /// <summary>The other end by its host name.</summary>
    public string? PeerName { get; init; }

    /// <summary>The addresses that <see cref="PeerName"/> stood for; null for none.</summary>
    public AddressSet? PeerAddresses { get; init; }

    public TrafficDirection? Direction { get; init; }

    public ConnectionState? State { get; init; }

    /// <summary>The country of the end outside, as answers name it.</summary>
    public string? Country { get; init; }

    /// <summary>The autonomous system of the end outside: its number, or a part of what answers call it.</summary>
    public string? Asn { get; init; }

    /// <summary>Connections of at least so many bytes, both directions together.</summary>
    public long? MinBytes { get; init; }

    public bool IsAny => this != None;

    /// <summary>Those that are set, by the names of their arguments, as answers echo them and next calls repeat them.</summary>
    public IReadOnlyList<(string Name, string Value)> Arguments => [.. All().OfType<(string Name, string? Value)>()
        .Where(pair => pair.Value is not null).Select(pair => (pair.Name, pair.Value!))];

    private IEnumerable<(string Name, string? Value)> All() =>
    [
        ("peer", Peer is { } range ? Text(range) : PeerName),
        ("direction", Direction?.Word()),
        ("state", State?.Word()),
        ("country", Country),
        ("asn", Asn),
        ("min_bytes", MinBytes?.ToString(CultureInfo.InvariantCulture)),
    ];

    private static string Text(AddressRange range) => range.ToString() is var text
        && (text.EndsWith("/32", StringComparison.Ordinal) || text.EndsWith("/128", StringComparison.Ordinal))
            ? text[..text.IndexOf('/')]
            : text;
}
