using DtMcp.Configuration;
using DtMcp.Darktrace.Errors;
using DtMcp.Running;
using DtMcp.Simulator.Setup;

namespace DtMcp.Commands;

/// <summary>Where the process starts and how it ends: 0 done, 1 a tool's error or a fault of our own, 2 wrong usage or set-up.</summary>
internal static class Entry
{
    public const int Done = 0;

    public const int Failed = 1;

    public const int WrongUsage = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var terminal = StandardStreams.ErrorText();
        await using var error = new VisibleText(terminal);
        await using var output = StandardStreams.OutputText();
        return await RunAsync(args, new ProcessContext
        {
            Input = StandardStreams.Input,
            Output = StandardStreams.Output,
            Out = output,
            Error = error,
            Settings = ReadSettings(),
            ReadAgain = ReadSettings,
            Clock = TimeProvider.System,
            Terminal = () => ErrorTerminal.Open(terminal, StandardStreams.IsErrorTerminal, Environment.GetEnvironmentVariable),
            Screen = () => StandardStreams.Screen(Environment.GetEnvironmentVariable),
            IsInputTerminal = () => StandardStreams.IsInputTerminal,
        });
    }

    public static async Task<int> RunAsync(string[] args, ProcessContext context)
    {
        try
        {
            // The way a client starts it: no command line to take apart.
            return args.Length == 0
                ? await ServerCommand.RunAsync(context, static () => null, CancellationToken.None)
                : await CommandLine.RunAsync(args, context);
        }
        catch (Exception refused) when (refused is SetupException or SimulatorException)
        {
            await context.Error.WriteLineAsync($"dtmcp: {refused.Message}");
            return WrongUsage;
        }
        catch (ApplianceException failure)
        {
            await context.Error.WriteLineAsync($"{failure.Code}: {failure.Happened} {failure.Remedy}");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            return Failed;
        }
        catch (Exception fault)
        {
            await context.Error.WriteLineAsync(
                $"dtmcp: ended by a fault of its own ({fault.GetType().Name}). DTMCP_LOG_LEVEL=debug shows where.");
            using var loggers = context.Loggers();
            if (loggers.CreateLogger("DtMcp").IsEnabled(LogLevel.Debug))
            {
                await context.Error.WriteLineAsync(fault.StackTrace);
            }

            return Failed;
        }
    }

    private static Settings ReadSettings() => Settings.Review(Settings.Environment(), () => SettingsFile.Read(SettingsFile.Place));
}
