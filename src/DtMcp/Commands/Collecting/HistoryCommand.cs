using System.CommandLine;
using System.Globalization;
using DtMcp.Configuration;
using DtMcp.Darktrace.Values;
using DtMcp.History;
using DtMcp.Running;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence.Collected;

namespace DtMcp.Commands.Collecting;

/// <summary><c>dtmcp history status</c>: what the history holds of each appliance.</summary>
internal static class HistoryCommand
{
    // Holes that are told one by one.
    private const int MostHoles = 8;

    /// <param name="context">The process.</param>
    /// <param name="addDemo">Adds the options of the emulated appliance to a command, and reads them.</param>
    public static Command Build(ProcessContext context, Func<Command, Func<ParseResult, DemoOptions?>> addDemo)
    {
        var status = new Command("status", "Span, hours, rows, lag and holes of each appliance, and bytes on disk.");
        var demo = addDemo(status);
        status.SetAction((result, cancellationToken) => StatusAsync(context, demo(result), cancellationToken));
        return new Command("history", "What dtmcp collect keeps in ClickHouse.") { status };
    }

    private static async Task<int> StatusAsync(ProcessContext context, DemoOptions? demo, CancellationToken cancellationToken)
    {
        var options = HistorySettings.Need(context.Settings);
        using var loggers = context.Loggers();
        await using var investigators = await context.OpenInvestigatorsAsync(demo, loggers, cancellationToken);
        try
        {
            await TellAsync(context, options.Days, investigators.History!, investigators.Clock, cancellationToken);
            return 0;
        }
        catch (HistoryAwayException away)
        {
            await context.Error.WriteLineAsync($"dtmcp: {away.Happened} {away.Remedy}");
            return 1;
        }
    }

    private static async Task TellAsync(
        ProcessContext context, int days, HistoryStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var rows = 0L;
        foreach (var appliance in await store.AppliancesAsync(cancellationToken))
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            var from = now - (long)TimeSpan.FromDays(days + 1).TotalMilliseconds;
            var hours = (await store.SpanAsync(appliance, new TimeWindow(from, now), cancellationToken)).Hours;
            if (hours.Count == 0)
            {
                continue;
            }

            var held = hours.Sum(static hour => hour.Rows);
            rows += held;
            var holes = Holes(hours);
            await context.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{PlainText.Of(appliance)}: {TimeText.Second(hours[0].StartMs)} to {TimeText.Second(hours[^1].EndMs)}, " +
                $"{hours.Count} hours, {held} connections, {Names(hours)}, " +
                $"{Math.Max(0, (now - hours[^1].EndMs) / 60_000)} minutes behind, " +
                $"{holes.Sum(static hole => hole.Hours)} hours missing"));
            foreach (var (start, missing) in holes.Take(MostHoles))
            {
                await context.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"  missing: {missing} hours from {TimeText.Second(start)}"));
            }

            var notes = hours.Select(static hour => hour.NamesNote).Where(static note => note.Length > 0).Distinct();
            foreach (var why in notes.Take(MostHoles))
            {
                await context.Out.WriteLineAsync($"  {SafeText.Of(why, 400, TextPlace.Line)}");
            }
        }

        var bytes = await store.BytesAsync(cancellationToken);
        await context.Out.WriteLineAsync(rows == 0
            ? "The history is empty."
            : string.Create(CultureInfo.InvariantCulture, $"{rows} connections in {bytes} bytes on disk, {(double)bytes / rows:F1} each"));
        await context.Out.FlushAsync(cancellationToken);
    }

    private static string Names(IReadOnlyList<HistoryHour> hours)
    {
        var without = hours.Count(static hour => !hour.IsNamed);
        return string.Create(CultureInfo.InvariantCulture,
            $"{hours.Sum(static hour => hour.Names)} names{(without > 0 ? $" ({without} hours without)" : "")}");
    }

    private static List<(long StartMs, long Hours)> Holes(IReadOnlyList<HistoryHour> hours) =>
    [
        .. hours.Zip(hours.Skip(1))
            .Where(static pair => pair.Second.StartMs > pair.First.EndMs + 1)
            .Select(static pair => (pair.First.EndMs + 1, (pair.Second.StartMs - pair.First.EndMs - 1) / HistoryHour.LengthMs)),
    ];
}
