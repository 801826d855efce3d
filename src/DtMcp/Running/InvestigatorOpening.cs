using System.Security.Cryptography;
using DtMcp.Configuration;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using DtMcp.History;
using DtMcp.Replicas;
using DtMcp.Simulator;
using DtMcp.Traffic;

namespace DtMcp.Running;

/// <summary>Opens the investigators: on the appliances of the settings, or on an emulated one.</summary>
internal static class InvestigatorOpening
{
    /// <summary>The name that demo answers call their appliance.</summary>
    public const string DemoName = "demo";

    /// <summary>On the appliances of the settings. Nothing is sent before the first question.</summary>
    public static Investigators Open(
        Settings settings, TimeProvider timeProvider, ILoggerFactory loggers, ReplicaSharing? sharing = null)
    {
        var history = History(settings);
        var room = Room(settings);
        return new Investigators(
            settings.Appliances.Count > 0
                ? [.. settings.Appliances.Select(appliance => Open(
                    appliance.Name, appliance.Settings, settings.Appliances.Count > 1, history, room, timeProvider, loggers, sharing))]
                : settings.IsFirstStart ? throw new SetupException(SetupReview.FirstStart)
                : [Open(null, settings, false, history, room, timeProvider, loggers, sharing)],
            timeProvider)
        {
            History = history,
        };
    }

    // Its bounds of time go by the machine's clock, whatever an emulated appliance shows.
    private static HistoryStore? History(Settings settings) =>
        HistorySettings.Read(settings) is { } options ? new HistoryStore(options, TimeProvider.System) : null;

    // One for all appliances, by the machine's clock as well.
    private static ReadingRoom Room(Settings settings) => new(ProgramOptions.ReadingBytes(settings), TimeProvider.System);

    private static Investigators.Entry Open(string? name, Settings settings, bool isOneOfMany, HistoryStore? history, ReadingRoom room,
        TimeProvider timeProvider, ILoggerFactory loggers, ReplicaSharing? sharing)
    {
        DarktraceOptions options;
        try
        {
            options = ProgramOptions.Appliance(settings);
        }
        catch (SetupException refused) when (name is not null)
        {
            throw new SetupException($"Appliance {name} of appsettings.json: {refused.Message}");
        }

        var investigatorOptions = ProgramOptions.Investigator(settings, name ?? options.Host.Host) with
        {
            Room = room,
            IsOneOfMany = isOneOfMany,
        };
        var captures = sharing?.Captures(options, investigatorOptions);
        var client = Client(sharing is null ? options : options with { Shared = sharing.Appliance(options) }, timeProvider, loggers);
        return new Investigators.Entry(investigatorOptions.Appliance,
            new Investigator(investigatorOptions, client, timeProvider, WorkGate.OfProcess, history, captures), client);
    }

    /// <summary>
    /// On an emulated appliance in this process, with throw-away tokens, over real signed HTTP; everything goes by its clock.
    /// </summary>
    public static async Task<Investigators> OpenDemoAsync(Settings settings, DemoOptions demo, TimeProvider timeProvider,
        ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var (publicToken, privateToken) = TokenPair();
        var investigatorOptions = ProgramOptions.Investigator(settings, DemoName) with
        {
            Synthetic = demo.Records is null,
            Room = Room(settings),
        };
        if (demo.Internal.Count > 0)
        {
            investigatorOptions = investigatorOptions with
            {
                Internal = ProgramOptions.Internal("--internal", string.Join(',', demo.Internal)),
            };
        }

        var simulator = await ApplianceSimulator.StartAsync(demo.ToSimulator(publicToken, privateToken), timeProvider, cancellationToken);
        var options = ProgramOptions.Requests(settings, simulator.Address, publicToken, new Secret(privateToken)) with
        {
            CaFile = null,
            CertSha256 = null,
        };
        var client = Client(options, simulator.Clock, loggers);
        var history = History(settings);
        var investigator = new Investigator(investigatorOptions, client, simulator.Clock, WorkGate.OfProcess, history);
        return new Investigators(
            [new Investigators.Entry(investigatorOptions.Appliance, investigator, client)], simulator.Clock, simulator)
        {
            History = history,
        };
    }

    /// <summary>Two made tokens, as long as an appliance's.</summary>
    public static (string Public, string Private) TokenPair() =>
        (RandomNumberGenerator.GetHexString(40, lowercase: true), RandomNumberGenerator.GetHexString(40, lowercase: true));

    private static DarktraceClient Client(DarktraceOptions options, TimeProvider timeProvider, ILoggerFactory loggers)
    {
        try
        {
            return DarktraceClient.Create(options, timeProvider, loggers);
        }
        catch (ApplianceException refused)
        {
            throw new SetupException($"{refused.Happened} {refused.Remedy}");
        }
    }
}
