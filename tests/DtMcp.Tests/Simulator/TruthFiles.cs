using System.Text.Json;

namespace DtMcp.Tests.Simulator;

/// <summary>The recorded connections and their right answers, which lie beside the checkout.</summary>
internal static class TruthFiles
{
    public static readonly TheoryData<string> Names = ["m57_long", "apt29_day1", "zeek_ipv6"];

    public static string Log(string name) => Path.Combine(Folder(), $"{name}.conn.log.gz");

    public static JsonElement Truth(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder(), $"{name}.truth.json")));
        return document.RootElement.Clone();
    }

    /// <summary>The filters of a row of <c>queries</c> as a query string; null for a row that is not for DtMcp.</summary>
    public static string? Query(JsonElement row)
    {
        var parameters = row.GetProperty("params");
        return parameters.TryGetProperty("_rule", out _)
            ? null
            : string.Join('&', parameters.EnumerateObject().Where(p => p.Name[0] != '_').Select(p =>
                $"{p.Name}={Uri.EscapeDataString(p.Value.ToString())}"));
    }

    /// <summary>A window over all of the records, for rows that name none.</summary>
    public static string Everything(JsonElement truth)
    {
        var range = truth.GetProperty("summary").GetProperty("timerange");
        return $"starttime={range.GetProperty("first_start")}&endtime={range.GetProperty("last_start")}";
    }

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(data))
            {
                return data;
            }
        }

        Assert.Skip("the recorded connections (shared/data) are not beside this checkout");
        return "";
    }
}
