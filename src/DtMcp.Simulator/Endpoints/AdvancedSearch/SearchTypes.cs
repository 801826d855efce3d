using System.Text.RegularExpressions;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.NameLogs;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// Which entries a search is about, by its <c>@type</c>: connections, or the names in them. Another type is a case here and an
/// <see cref="IEntries"/> of its own. A search that names no type, or one that is not there, is put to connections.
/// </summary>
internal static partial class SearchTypes
{
    public static IEntries Of(RecordSet records, string search) => Named().Match(search).Groups[1].Value switch
    {
        "dns" => NameEntries.Of(records, NameKind.Dns),
        "ssl" => NameEntries.Of(records, NameKind.Ssl),
        "http" => NameEntries.Of(records, NameKind.Http),
        _ => ConnEntries.Of(records),
    };

    [GeneratedRegex("@type:\"?([A-Za-z0-9_]+)")]
    private static partial Regex Named();
}
