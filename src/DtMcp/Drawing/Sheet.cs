using System.Text.Json;
using DtMcp.Traffic.Answers;

namespace DtMcp.Drawing;

/// <summary>An answer's table, its columns in their order; a cell that is not there is unknown.</summary>
internal sealed record SheetTable(string Name, long Of, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<JsonElement?>> Rows)
{
    public int IndexOf(string column) => Columns.ToList().IndexOf(column);

    /// <summary>Whether a column holds numbers alone.</summary>
    public bool IsFigures(int column) => Rows.All(row => row[column] is null or { ValueKind: JsonValueKind.Number });
}

/// <summary>
/// An answer as what is drawn for people needs it: read from its JSON form, which holds every figure to the last digit. Pure.
/// </summary>
internal sealed record Sheet
{
    public required string Tool { get; init; }

    /// <summary>What was asked of what, as the first line of the Markdown form has it.</summary>
    public required string Scope { get; init; }

    /// <summary>The window, where it has one.</summary>
    public string? From { get; init; }

    public string? To { get; init; }

    public required IReadOnlyList<(string Name, JsonElement Value)> Device { get; init; }

    public required IReadOnlyList<(string Name, JsonElement Value)> Totals { get; init; }

    public required IReadOnlyList<SheetTable> Tables { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyList<string> Next { get; init; }

    public static Sheet Parse(string json)
    {
        var answer = JsonElement.Parse(json);
        return new Sheet
        {
            Tool = answer.GetProperty("tool").GetString()!,
            Scope = ScopeOf(answer.GetProperty("scope")),
            From = Text(answer.GetProperty("scope"), "from"),
            To = Text(answer.GetProperty("scope"), "to"),
            Device = Fields(answer, "device"),
            Totals = Fields(answer, "totals"),
            Tables = [.. answer.GetProperty("tables").EnumerateObject().Select(Table)],
            Notes = Texts(answer, "notes"),
            Next = Texts(answer, "next"),
        };
    }

    /// <summary>A text of an answer, which may come from the network, as it may stand on a line.</summary>
    public static string Inert(string text) => SafeText.Of(text, int.MaxValue, TextPlace.Line);

    private static string ScopeOf(JsonElement scope)
    {
        List<string> parts = [Text(scope, "appliance")!];
        if (Text(scope, "from") is { } from)
        {
            parts.Add($"{from} to {Text(scope, "to")} {Inert(Text(scope, "tz") ?? "UTC")}");
        }

        parts.AddRange(scope.GetProperty("filters").EnumerateObject().Select(filter => $"{filter.Name}={Inert(filter.Value.ToString())}"));
        if (Text(scope, "evidence") is { } evidence)
        {
            parts.Add($"evidence {evidence}");
        }

        if (scope.TryGetProperty("connections_read", out var read))
        {
            parts.Add($"{HumanText.Of("connections", read)} connections read");
        }

        if (scope.GetProperty("synthetic").GetBoolean())
        {
            parts.Add("synthetic records");
        }

        return string.Join(", ", parts);
    }

    // A row leaves out what is unknown: a column that one row lacks stands where the next that has it puts it.
    private static SheetTable Table(JsonProperty table)
    {
        List<string> columns = [];
        var rows = table.Value.GetProperty("rows").EnumerateArray().ToList();
        foreach (var row in rows)
        {
            var at = 0;
            foreach (var cell in row.EnumerateObject())
            {
                var known = columns.IndexOf(cell.Name);
                if (known < 0)
                {
                    columns.Insert(known = Math.Min(at, columns.Count), cell.Name);
                }

                at = known + 1;
            }
        }

        return new SheetTable(table.Name, table.Value.GetProperty("of").GetInt64(), columns,
            [.. rows.Select(row => (IReadOnlyList<JsonElement?>)[.. columns.Select(column =>
                row.TryGetProperty(column, out var cell) ? cell : (JsonElement?)null)])]);
    }

    private static List<(string, JsonElement)> Fields(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var fields) ? [.. fields.EnumerateObject().Select(field => (field.Name, field.Value))] : [];

    private static List<string> Texts(JsonElement answer, string name) =>
        [.. answer.GetProperty(name).EnumerateArray().Select(text => Inert(text.GetString()!))];

    private static string? Text(JsonElement scope, string name) =>
        scope.TryGetProperty(name, out var value) ? Inert(value.GetString()!) : null;
}
