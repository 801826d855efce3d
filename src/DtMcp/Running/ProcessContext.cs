using DtMcp.Configuration;
using DtMcp.Drawing;
using DtMcp.Replicas;
using Spectre.Console;

namespace DtMcp.Running;

/// <summary>What the process has around it: streams, environment, clock. Tests give their own.</summary>
internal sealed partial record ProcessContext
{
    public required Func<Stream> Input { get; init; }

    public required Func<Stream> Output { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required Settings Settings { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Reads the settings anew, after somebody mended them; null where they cannot change.</summary>
    public Func<Settings>? ReadAgain { get; init; }

    /// <summary>What the terminal that <see cref="Out"/> is can show; null where it is none.</summary>
    public Func<TerminalShape?> Screen { get; init; } = static () => null;

    /// <summary>Whether a person types what <see cref="Input"/> reads.</summary>
    public Func<bool> IsInputTerminal { get; init; } = static () => false;

    /// <summary>Opens the terminal that <see cref="Error"/> is, or null where it is none. Only a command for people asks.</summary>
    public Func<IAnsiConsole?> Terminal { get; init; } = static () => null;

    /// <summary>A log at the level of the settings; at the default's, where that setting itself is wrong.</summary>
    public ErrorLog Loggers() => new ErrorLog(Error, Level(), Clock);

    /// <summary>The investigators of the settings, or the emulated appliance's.</summary>
    /// <param name="demo">Which emulated appliance, or null.</param>
    /// <param name="loggers">The log.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <param name="sharing">What is shared with other replicas; none share an emulated appliance.</param>
    public async Task<Investigators> OpenInvestigatorsAsync(
        DemoOptions? demo, ILoggerFactory loggers, CancellationToken cancellationToken, ReplicaSharing? sharing = null)
    {
        Settings.Check();
        ProgramOptions.LogLevel(Settings);
        if (Settings.Warnings.Count > 0)
        {
            var logger = loggers.CreateLogger("DtMcp.Settings");
            foreach (var warning in Settings.Warnings)
            {
                Mistrusted(logger, warning);
            }
        }

        return demo is null
            ? InvestigatorOpening.Open(Settings, Clock, loggers, sharing)
            : await InvestigatorOpening.OpenDemoAsync(Settings, demo, Clock, loggers, cancellationToken);
    }

    private LogLevel Level()
    {
        try
        {
            return ProgramOptions.LogLevel(Settings);
        }
        catch (SetupException)
        {
            return LogLevel.Warning;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Warning}")]
    private static partial void Mistrusted(ILogger logger, string warning);
}
