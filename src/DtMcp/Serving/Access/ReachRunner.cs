using System.Text.Json;
using DtMcp.Darktrace.Errors;
using DtMcp.Running;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Serving.Access;

/// <summary>
/// Shows each caller the tools and appliances that are theirs, and answers as if there were no others. Where it is not known who calls,
/// nothing is answered.
/// </summary>
internal sealed class ReachRunner(IToolRunner runner) : IToolRunner
{
    private const string ApplianceName = "appliance";

    public string? Notice => runner.Notice is { } notice && Asker.IsLimited ? Own.Without(notice) : runner.Notice;

    public bool IsStructured => runner.IsStructured;

    public IReadOnlyList<ToolDefinition> Tools => Asker.IsLimited ? [.. runner.Tools.Where(tool => Of(tool).Count > 0)] : runner.Tools;

    public IReadOnlyList<string> Appliances =>
        Asker.IsLimited ? [.. runner.Appliances.Where(name => runner.Tools.Any(tool => Reach.Holds(tool.Name, name)))] : runner.Appliances;

    private static Reach Reach => (Asker.Current ?? throw new InvalidOperationException("It is not known who calls.")).Reach;

    // Advice to call what the caller has not is none.
    private OwnTools Own => Reach.Of(Tools.Select(tool => tool.Name));

    public IReadOnlyList<Parameter> ParametersOf(ToolDefinition tool) => Asker.IsLimited
        ? [.. runner.ParametersOf(tool).Select(parameter =>
            parameter.Name == ApplianceName ? Parameters.Appliance(Of(tool))
                : parameter with { Description = Own.Without(parameter.Description) })]
        : runner.ParametersOf(tool);

    public async Task<ToolOutcome> RunAsync(
        ToolDefinition tool, IEnumerable<KeyValuePair<string, JsonElement>> given, bool noBudget, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (Reach.IsEverything)
        {
            return await runner.RunAsync(tool, given, noBudget, progress, cancellationToken);
        }

        var own = Of(tool);
        if (own.Count == 0)
        {
            return ToolOutcome.Refused(Refusal.Of($"There is no tool {tool.Name}.", "Ask for the list of tools."));
        }

        try
        {
            var asked = own.Count == runner.Appliances.Count ? given : [.. Meant(tool, own, given)];
            var outcome = await runner.RunAsync(tool, asked, noBudget, progress, cancellationToken);
            return outcome.IsError ? outcome with { Text = Own.Without(outcome.Text) } : outcome;
        }
        catch (ApplianceException refused)
        {
            var outcome = ToolOutcome.Refused(refused);
            return outcome with { Text = Own.Without(outcome.Text) };
        }
    }

    // Where no appliance is named, the first that the caller may ask is meant, not the first that there is; and all are all of theirs.
    private IEnumerable<KeyValuePair<string, JsonElement>> Meant(
        ToolDefinition tool, List<string> own, IEnumerable<KeyValuePair<string, JsonElement>> given)
    {
        List<KeyValuePair<string, JsonElement>> all = [.. given];
        var parameters = ParametersOf(tool);
        var arguments = ToolArguments.Read(tool.Name, parameters, tool.Required, all);
        if (parameters.FirstOrDefault(parameter => parameter.Name == ApplianceName) is not { } appliance)
        {
            return all;
        }

        var names = arguments.Words(appliance);
        return names is not null && !Parameters.IsAll(names)
            ? all
            : all.Where(argument => argument.Key != ApplianceName).Append(KeyValuePair.Create(
                ApplianceName,
                JsonElement.Parse($"\"{JsonEncodedText.Encode(names is null ? own[0] : string.Join(',', own))}\"")));
    }

    private List<string> Of(ToolDefinition tool) => [.. runner.Appliances.Where(name => Reach.Holds(tool.Name, name))];
}
