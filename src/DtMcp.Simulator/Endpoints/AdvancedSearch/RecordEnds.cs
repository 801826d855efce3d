using System.Runtime.CompilerServices;
using System.Text.Json;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>What entries say of the addresses in them, as it is written: made once for a record set.</summary>
internal sealed class RecordEnds
{
    private static readonly ConditionalWeakTable<RecordSet, RecordEnds> Known = [];

    private RecordEnds(RecordSet records)
    {
        Addresses = Array.ConvertAll(records.Addresses, address => JsonEncodedText.Encode(address.ToString()));
        var outside = Array.ConvertAll(records.Addresses, records.Outside.GetValueOrDefault);
        Countries = Array.ConvertAll(outside, info => info?.CountryCode);
        Networks = Array.ConvertAll(outside, info => info?.Asn);
    }

    public JsonEncodedText[] Addresses { get; }

    /// <summary>Two letters, for outside ends.</summary>
    public string?[] Countries { get; }

    /// <summary>Such as <c>AS64500 Example Hosting</c>, for outside ends.</summary>
    public string?[] Networks { get; }

    public static RecordEnds Of(RecordSet records) => Known.GetValue(records, static known => new RecordEnds(known));
}
