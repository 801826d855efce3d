using System.Text.Json;
using DtMcp.Configuration;
using DtMcp.Drawing;
using DtMcp.Running;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;

namespace DtMcp.Commands;

/// <summary>How the answer of <c>call</c> is to come out.</summary>
/// <param name="Format">As given: markdown, csv or json.</param>
/// <param name="NoBudget">Whole tables.</param>
/// <param name="Table">One table alone, as CSV.</param>
/// <param name="Chart">A file for the picture.</param>
internal sealed record CallForm(string? Format, bool NoBudget, string? Table, string? Chart)
{
    private const string WholeTable = "1000000";

    public void Check()
    {
        if (Table is not null && Format is not null)
        {
            throw new SetupException("--table is CSV by itself. Leave --format out.");
        }

        if (Chart is not null && !Chart.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
        {
            throw new SetupException("--chart writes SVG. Name a file that ends in .svg.");
        }
    }

    /// <summary>The arguments for an answer that is drawn: a page of it, with all figures.</summary>
    public static IEnumerable<KeyValuePair<string, JsonElement>> ToDraw(ToolDefinition tool, Dictionary<string, JsonElement> given) =>
        With(tool, given, (Parameters.Format, "json"), (Parameters.Detail, "full"), (Parameters.Limit, "10"));

    /// <summary>The arguments for an answer that is printed.</summary>
    public IEnumerable<KeyValuePair<string, JsonElement>> ToPrint(ToolDefinition tool, Dictionary<string, JsonElement> given) =>
        Table is null ? given : With(tool, given, (Parameters.Format, "csv"), (Parameters.Limit, WholeTable));

    /// <summary>Of CSV in sections the one table that is asked for.</summary>
    public ToolOutcome Cut(ToolOutcome outcome)
    {
        if (Table is null)
        {
            return outcome;
        }

        var sections = outcome.Text.Split("\n\n").Select(section => section.TrimStart('\n')).Where(section => section.StartsWith("# ",
            StringComparison.Ordinal)).Select(section => (Name: section[2..section.IndexOfAny([':', '\n'])], Text: section)).ToList();
        var found = sections.FirstOrDefault(section => section.Name == Table).Text ?? throw new SetupException(
            $"The answer has no table {Refusal.Shown(Table)}. {NearestName.Hint(Table, sections.Select(section => section.Name))}" +
            $"It has {string.Join(", ", sections.Select(section => section.Name))}.");
        return outcome with { Text = found[(found.IndexOf('\n', StringComparison.Ordinal) + 1)..] };
    }

    /// <summary>Writes the picture of the first table that has one.</summary>
    public async Task DrawAsync(Sheet? sheet, CancellationToken cancellationToken)
    {
        if (Chart is null || sheet is null)
        {
            return;
        }

        var chart = Picture.Of(sheet) is [var first, ..] ? first.Svg
            : throw new SetupException($"An answer of {sheet.Tool} has no table with figures to draw. Try analyze_bandwidth.");
        try
        {
            await File.WriteAllTextAsync(Chart, chart, cancellationToken);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"{Chart} cannot be written ({refused.GetType().Name}). Name another file.");
        }
    }

    // What the caller gave stays; a tool without the parameter does not get it.
    private static IEnumerable<KeyValuePair<string, JsonElement>> With(ToolDefinition tool, Dictionary<string, JsonElement> given,
        params (Parameter Parameter, string Value)[] wanted) =>
    [
        .. given.Where(pair => pair.Key != Parameters.Format.Name),
        .. wanted.Where(want => tool.Parameters.Contains(want.Parameter)
            && (want.Parameter == Parameters.Format || !given.ContainsKey(want.Parameter.Name)))
            .Select(want => KeyValuePair.Create(want.Parameter.Name, JsonElement.Parse($"\"{want.Value}\""))),
    ];
}
