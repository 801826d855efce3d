using System.CommandLine;
using DtMcp.Hosting;
using DtMcp.Simulator;

namespace DtMcp.Commands;

/// <summary><c>dtmcp simulate</c>: the emulated appliance on its own, until SIGINT or SIGTERM.</summary>
internal static class SimulateCommand
{
    public static Command Build(Surroundings around)
    {
        var demo = new DemoSwitches();
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen; loopback only, port 0 for any free one.",
            DefaultValueFactory = _ => "http://127.0.0.1:0",
        };
        var command = demo.AddTo(new Command("simulate", "Run the emulated appliance on its own.") { urls }, withDemo: false);
        command.SetAction((result, cancellationToken) =>
            RunAsync(around, result.GetRequiredValue(urls), demo.Read(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings around, string urls, DemoOptions demo, CancellationToken cancellationToken)
    {
        var settings = around.Settings;
        var isGiven = settings.Text(OptionCatalog.PublicToken) is not null || settings.Text(OptionCatalog.PrivateToken) is not null;
        var (publicToken, privateToken) = isGiven
            ? (settings.Need(OptionCatalog.PublicToken), settings.Need(OptionCatalog.PrivateToken))
            : DeskOpening.TokenPair();
        if (!isGiven)
        {
            await around.Error.WriteLineAsync($"{OptionCatalog.PublicToken.Name}={publicToken}");
            await around.Error.WriteLineAsync($"{OptionCatalog.PrivateToken.Name}={privateToken}");
        }

        var options = demo.ToSimulator(publicToken, privateToken) with
        {
            Urls = urls,
            OnRequest = entry => around.Error.WriteLine(FormattableString.Invariant(
                $"{entry.Method} {entry.Target} {entry.Status} {entry.Rows} rows {entry.Bytes} bytes {entry.Milliseconds:0.0} ms")),
        };
        await using var simulator = await ApplianceSimulator.StartAsync(options, around.Clock, cancellationToken);
        await around.Out.WriteLineAsync(simulator.Address.ToString().TrimEnd('/'));
        await around.Out.FlushAsync(cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Entry.Done;
    }
}
