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

    /// <summary>The investigator that a call is for; the first appliance when it does not say.</summary>
    public Investigator Of(ToolArguments arguments)
    {
        var name = _appliance is null ? null : arguments.Text(_appliance);
        return (name is null ? entries[0] : entries.First(entry => entry.Name == name)).Investigator;
    }

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
