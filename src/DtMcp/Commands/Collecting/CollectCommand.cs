using System.CommandLine;
using System.Globalization;
using DtMcp.Configuration;
using DtMcp.Darktrace.Errors;
using DtMcp.History;
using DtMcp.Running;
using DtMcp.Serving.Telemetry;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence.Collected;

namespace DtMcp.Commands.Collecting;

/// <summary><c>dtmcp collect</c>: keeps the appliances' connection records in the history, hour by hour.</summary>
internal static class CollectCommand
{
    private const string Examples =
        """


        Examples:
          dtmcp collect
          dtmcp collect --once --last 7d
          dtmcp collect --from 2026-01-01
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    // What could not be had is not asked for again at once.
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Least = TimeSpan.FromHours(24);

    /// <param name="context">The process.</param>
    /// <param name="addDemo">Adds the options of the emulated appliance to a command, and reads them.</param>
    public static Command Build(ProcessContext context, Func<Command, Func<ParseResult, DemoOptions?>> addDemo)
    {
        var once = new Option<bool>("--once") { Description = "Collect what is due now, and end." };
        var from = new Option<string?>("--from") { Description = "Back to this time, UTC.", HelpName = "TIME" };
        var last = new Option<string?>("--last")
        {
            Description = "Back so far from now; 24h, or as far as there is any.",
            HelpName = "7d",
        };
        var command = new Command("collect", "Keep connection records in ClickHouse (DTMCP_HISTORY_URL), hour by hour." + Examples)
        {
            once, from, last,
        };
        var demo = addDemo(command);
        command.SetAction((result, cancellationToken) => RunAsync(
            context, result.GetValue(once), result.GetValue(from), result.GetValue(last), demo(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ProcessContext context, bool once, string? from, string? last, DemoOptions? demo, CancellationToken cancellationToken)
    {
        if (from is not null && last is not null)
        {
            throw new SetupException("--from and --last are both given. Give one of them.");
        }

        var options = HistorySettings.Need(context.Settings);
        var observing = ObservingOptions.Read(context.Settings);
        await using var observation = await Observation.StartAsync(once ? observing?.WithoutPage() : observing, cancellationToken);
        using var loggers = context.Loggers();
        observation?.Hear(loggers);
        if (observation?.Scraped is { } page)
        {
            await context.Error.WriteLineAsync($"dtmcp: Prometheus reads {page}");
        }

        await using var investigators = await context.OpenInvestigatorsAsync(demo, loggers, cancellationToken);
        var store = investigators.History!;
        var isUsable = true;
        var isReady = false;
        do
        {
            try
            {
                if (!isReady)
                {
                    await store.MigrateAsync(cancellationToken);
                    isReady = true;
                }

                foreach (var (i, entry) in investigators.Entries.Index())
                {
                    var names = new WindowNameEntries(entry.Investigator.Options, entry.Client, investigators.Clock);
                    var collector = new Collector(store, entry.Client, entry.Name, investigators.Clock, i + 1, names);
                    isUsable &= await CollectAsync(
                        context, options.Days, investigators.Clock, (store, collector), entry, (from, last), cancellationToken);
                }
            }
            catch (HistoryAwayException away)
            {
                await context.Error.WriteLineAsync($"dtmcp: {away.Happened} {away.Remedy}");
                isUsable = false;
            }

            if (!once)
            {
                await Task.Delay(isUsable ? Pause : PauseAfterFailure, context.Clock, cancellationToken);
                isUsable = true;
            }
        }
        while (!once);

        return isUsable ? 0 : 1;
    }

    // False when an hour is still due.
    private static async Task<bool> CollectAsync(
        ProcessContext context, int days, TimeProvider clock, (HistoryStore Store, Collector Collector) into,
        Investigators.Entry entry, (string? From, string? Last) back, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var oldest = now - (long)TimeSpan.FromDays(days).TotalMilliseconds;
        var from = Math.Max(
            oldest, back.From is { } time ? Time(time)
                : back.Last is { } length ? now - (long)Length(length).TotalMilliseconds
                : Math.Min(
                    now - (long)Least.TotalMilliseconds,
                    await into.Store.FirstAsync(entry.Name, cancellationToken) ?? long.MaxValue));
        var isWhole = true;
        try
        {
            await into.Collector.RunAsync(
                from,
                hour =>
                {
                    isWhole &= hour.Outcome != CollectOutcome.Partial;
                    context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{entry.Name} {TimeText.Second(hour.StartMs)} {hour.Rows} {Word(hour.Outcome)}{Names(hour)}"));
                    context.Out.Flush();
                },
                cancellationToken);
            return isWhole;
        }
        catch (ApplianceException failure)
        {
            into.Collector.NoteFailure(byHistory: false);
            await context.Error.WriteLineAsync($"{entry.Name}: {failure.Code}: {failure.Happened} {failure.Remedy}");
            return false;
        }
        catch (HistoryAwayException)
        {
            into.Collector.NoteFailure(byHistory: true);
            throw;
        }
    }

    private static string Word(CollectOutcome outcome) => outcome switch
    {
        CollectOutcome.Added => "added",
        CollectOutcome.Replaced => "replaced",
        CollectOutcome.Unchanged => "unchanged",
        _ => "partial: asked again later",
    };

    // Behind what was told before there were names.
    private static string Names(CollectedHour hour) => hour switch
    {
        { Outcome: CollectOutcome.Partial } => "",
        { Names: { } names, NamesNote: "" } => string.Create(CultureInfo.InvariantCulture, $", {names} names"),
        { Names: { } names } => string.Create(CultureInfo.InvariantCulture, $", {names} names of before. {hour.NamesNote}"),
        { NamesNote: "" } => ", no names",
        _ => ", no names. " + hour.NamesNote,
    };

    private static long Time(string text) => TimeArguments.ParseTime(text) is { } time and not GivenTime.Word
        ? time.In(new ZoneClock(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc)).StartMs
        : throw new SetupException($"--from is {Refusal.Shown(text)}. Give a UTC time, YYYY-MM-DD HH:MM:SS or ISO 8601.");

    private static TimeSpan Length(string text) => TimeArguments.ParseDuration(text)
        ?? throw new SetupException($"--last is {Refusal.Shown(text)}. Give a length such as 24h or 7d.");
}
