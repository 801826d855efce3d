using DtMcp.Darktrace;
using DtMcp.History;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic;

namespace DtMcp.Running;

/// <summary>The appliances that can be asked, by name, and the clock that the questions go by.</summary>
internal sealed class Investigators(IReadOnlyList<Investigators.Entry> entries, TimeProvider clock, IAsyncDisposable? beneath = null)
    : IAsyncDisposable
{
    /// <summary>One appliance.</summary>
    internal sealed record Entry(string Name, Investigator Investigator, DarktraceClient Client);

    private readonly Parameter? _appliance = entries.Count > 1 ? Parameters.Appliance([.. entries.Select(entry => entry.Name)]) : null;

    public TimeProvider Clock => clock;

    /// <summary>What was collected before; null where no history is set up.</summary>
    public HistoryStore? History { get; init; }

    public IReadOnlyList<Entry> Entries => entries;

    public IEnumerable<Investigator> All => entries.Select(entry => entry.Investigator);

    /// <summary>A tool's parameters here: with <c>appliance</c> when there are several, and only then.</summary>
    public IReadOnlyList<Parameter> ParametersOf(ToolDefinition tool) =>
        _appliance is null ? tool.Parameters : [_appliance, .. tool.Parameters];

    /// <summary>The investigators that a call is for, in the order of the settings; the first appliance when it does not say.</summary>
    public IReadOnlyList<Investigator> Of(ToolArguments arguments) =>
        _appliance is null || arguments.Words(_appliance) is not { } names ? [entries[0].Investigator]
        : [.. Named(names).Select(entry => entry.Investigator)];

    /// <summary>Those that are named, in the order of the settings; all of them where none is.</summary>
    public IEnumerable<Entry> Named(IReadOnlyList<string>? names) =>
        entries.Where(entry => names is null || Parameters.IsAll(names) || names.Contains(entry.Name));

    public async ValueTask DisposeAsync()
    {
        foreach (var entry in entries)
        {
            entry.Client.Dispose();
        }

        History?.Dispose();
        if (beneath is not null)
        {
            await beneath.DisposeAsync();
        }
    }
}
