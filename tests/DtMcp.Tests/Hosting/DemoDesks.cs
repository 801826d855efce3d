using DtMcp.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Tests.Hosting;

/// <summary>A small emulated appliance and the tools on it, shared by a class's tests.</summary>
public sealed class DemoDesks : IAsyncLifetime
{
    private Desks? _desks;

    internal ToolRunner Runner { get; private set; } = null!;

    internal static Settings NoSettings { get; } = Settings.Read([]);

    public async ValueTask InitializeAsync()
    {
        var demo = new DemoOptions { Connections = 500, Days = 1, Now = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero) };
        _desks = await DeskOpening.OpenDemoAsync(NoSettings, demo, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        Runner = new ToolRunner(_desks, NullLoggerFactory.Instance);
    }

    public async ValueTask DisposeAsync() => await _desks!.DisposeAsync();
}
