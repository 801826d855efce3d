using DtMcp.Configuration;
using DtMcp.Running;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Tests.Running;

/// <summary>A small emulated appliance and the tools on it, shared by a class's tests.</summary>
public sealed class DemoInvestigators : IAsyncLifetime
{
    private Investigators? _investigators;

    internal ToolRunner Runner { get; private set; } = null!;

    internal static Settings NoSettings { get; } = Settings.Read([]);

    public async ValueTask InitializeAsync()
    {
        var demo = new DemoOptions { Connections = 500, Days = 1, Now = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero) };
        _investigators = await InvestigatorOpening.OpenDemoAsync(NoSettings, demo, TimeProvider.System, NullLoggerFactory.Instance,
            CancellationToken.None);
        Runner = new ToolRunner(_investigators, NullLoggerFactory.Instance);
    }

    public async ValueTask DisposeAsync() => await _investigators!.DisposeAsync();
}
