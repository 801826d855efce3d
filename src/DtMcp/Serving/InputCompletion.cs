using System.Text.Json;
using DtMcp.Drawing;
using DtMcp.Prompts;
using DtMcp.Running;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace DtMcp.Serving;

/// <summary>
/// Values for what a person begins to type into a prompt or a resource's address: devices, subnets and protocols as the appliance has them.
/// Where it cannot be asked there are none; that is no error of who types.
/// </summary>
internal static class InputCompletion
{
    // The protocol's own bound is 100; a list to choose from is shorter.
    private const int MostValues = 20;

    private static readonly string[] Windows = ["15m", "1h", "4h", "12h", "24h", "3d", "7d", "30d"];

    public static async ValueTask<CompleteResult> AnswerAsync(
        IToolRunner runner, CompleteRequestParams? asked, CancellationToken cancellationToken)
    {
        if (asked is not { Ref: not null, Argument.Name: not null })
        {
            throw new McpProtocolException("completion/complete takes ref and argument.", McpErrorCode.InvalidParams);
        }

        var typed = asked.Argument.Value?.Trim() ?? "";
        var input = InputOf(asked);
        var values = input?.Kind switch
        {
            InputKind.Window => Windows.Where(window => window.StartsWith(typed, StringComparison.Ordinal)),
            InputKind.Device => await DevicesAsync(runner, typed, ["hostname", "devicelabel", "ip"], cancellationToken),
            InputKind.DeviceId => await DevicesAsync(runner, typed, ["did"], cancellationToken),
            InputKind.DeviceAddress => await DevicesAsync(runner, typed, ["ip"], cancellationToken),
            InputKind.Subnet => await ListedAsync(runner, "subnets", typed, "network", cancellationToken),
            InputKind.Protocol => await ListedAsync(runner, "protocols", typed, "name", cancellationToken),
            _ => [],
        };
        var found = values.Distinct(StringComparer.Ordinal).ToList();
        return new CompleteResult
        {
            Completion = new Completion
            {
                Values = [.. found.Take(MostValues)],
                Total = found.Count,
                HasMore = found.Count > MostValues,
            },
        };
    }

    private static PromptInput? InputOf(CompleteRequestParams asked) => asked.Ref switch
    {
        PromptReference prompt => PromptCatalog.Find(prompt.Name)?.Inputs.FirstOrDefault(input => input.Name == asked.Argument.Name),
        ResourceTemplateReference { Uri: { } uri } => TrafficResource.All
            .FirstOrDefault(resource => resource.Template == uri && resource.Input.Name == asked.Argument.Name)?.Input,
        _ => null,
    };

    // A device has to be looked for by something; the first letter is typed soon.
    private static async Task<IEnumerable<string>> DevicesAsync(
        IToolRunner runner, string typed, string[] names, CancellationToken cancellationToken) =>
        typed.Length == 0 ? [] : await AskAsync(runner, "find_devices", [("query", typed)], names, cancellationToken);

    private static Task<IEnumerable<string>> ListedAsync(
        IToolRunner runner, string kind, string typed, string name, CancellationToken cancellationToken) =>
        AskAsync(runner, "list_filter_values", typed.Length == 0 ? [("kind", kind)] : [("kind", kind), ("query", typed)], [name],
            cancellationToken);

    private static async Task<IEnumerable<string>> AskAsync(
        IToolRunner runner, string tool, IEnumerable<(string Name, string Value)> given, string[] names,
        CancellationToken cancellationToken)
    {
        var arguments = given.Append(("format", "json")).Append(("detail", "full"))
            .Select(pair => KeyValuePair.Create(pair.Item1, JsonElement.Parse($"\"{JsonEncodedText.Encode(pair.Item2)}\"")));
        if (runner.Find(tool) is not { } asked)
        {
            return [];
        }

        var outcome = await runner.RunAsync(asked, arguments, noBudget: false, progress: null, cancellationToken);
        return outcome.Json is null || outcome.IsError ? [] : Sheet.Parse(outcome.Json).Tables.SelectMany(table => Named(table, names));
    }

    // The first of the columns that a row has.
    private static IEnumerable<string> Named(SheetTable table, string[] names) => table.Rows
        .Select(row => names.Select(table.IndexOf).Where(column => column >= 0).Select(column => row[column])
            .FirstOrDefault(cell => cell is not null))
        .OfType<JsonElement>().Select(cell => Sheet.Inert(cell.ToString()));
}
