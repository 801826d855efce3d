using System.CommandLine;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Simulator;

namespace DtMcp.Commands;

/// <summary><c>dtmcp simulate</c>: the emulated appliance on its own, until SIGINT or SIGTERM.</summary>
internal static class SimulateCommand
{
    private const string Examples =
        """


        Examples:
          dtmcp simulate --urls http://127.0.0.1:8443
          dtmcp simulate --records conn.log.gz
        """;

    public static Command Build(ProcessContext context)
    {
        var demo = new DemoSwitches();
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen; loopback only, port 0 for any free one.",
            DefaultValueFactory = _ => "http://127.0.0.1:0",
        };
        var command = demo.AddTo(new Command("simulate", "Run the emulated appliance on its own." + Examples) { urls }, withDemo: false);
        command.SetAction((result, cancellationToken) =>
            RunAsync(context, result.GetRequiredValue(urls), demo.Read(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ProcessContext context, string urls, DemoOptions demo, CancellationToken cancellationToken)
    {
        var settings = context.Settings;
        settings.Check();
        var isGiven = settings.Text(OptionCatalog.PublicToken) is not null || settings.Text(OptionCatalog.PrivateToken) is not null;
        var (publicToken, privateToken) = isGiven
            ? (settings.Need(OptionCatalog.PublicToken), settings.Need(OptionCatalog.PrivateToken))
            : InvestigatorOpening.TokenPair();
        if (!isGiven)
        {
            await context.Error.WriteLineAsync($"{OptionCatalog.PublicToken.Name}={publicToken}");
            await context.Error.WriteLineAsync($"{OptionCatalog.PrivateToken.Name}={privateToken}");
        }

        var options = demo.ToSimulator(publicToken, privateToken) with
        {
            Urls = urls,
            OnRequest = entry => context.Error.WriteLine(FormattableString.Invariant(
                $"{entry.Method} {entry.Target} {entry.Status} {entry.Rows} rows {entry.Bytes} bytes {entry.Milliseconds:0.0} ms")),
        };
        await using var simulator = await ApplianceSimulator.StartAsync(options, context.Clock, cancellationToken);
        await context.Out.WriteLineAsync(simulator.Address.ToString().TrimEnd('/'));
        await context.Out.FlushAsync(cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Entry.Done;
    }
}
