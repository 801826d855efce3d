using System.CommandLine;
using System.Globalization;
using DtMcp.Configuration;
using DtMcp.Darktrace.Errors;
using DtMcp.Exporting;
using DtMcp.Running;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence.Collected;

namespace DtMcp.Commands.Collecting;

/// <summary><c>dtmcp export</c>: connections as files that other programs read.</summary>
internal static class ExportCommand
{
    private const string Examples =
        """


        Examples:
          dtmcp export last=30d --out traffic
          dtmcp export from=2026-01-01 to=2026-01-31 --out traffic
          dtmcp call summarize_network_traffic --demo --records traffic
        """;

    /// <param name="context">The process.</param>
    /// <param name="addDemo">Adds the options of the emulated appliance to a command, and reads them.</param>
    public static Command Build(ProcessContext context, Func<Command, Func<ParseResult, DemoOptions?>> addDemo)
    {
        var pairs = new Argument<string[]>("name=value")
        {
            Description = "The window: last=24h, from= and to=; appliance= for some of several.",
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = "name=value",
        };
        var target = new Option<string?>("--out")
        {
            Description = "The folder; hours that are there are not read again.",
            HelpName = "DIR",
        };
        var format = new Option<string?>("--format") { Description = "parquet, the only one.", HelpName = "FORM" };
        var command = new Command("export", "Write connections into files, one an hour, that other programs read." + Examples)
        {
            pairs, target, format,
        };
        var demo = addDemo(command);
        command.SetAction((result, cancellationToken) => RunAsync(
            context, result.GetValue(pairs) ?? [], result.GetValue(target), result.GetValue(format), demo(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ProcessContext context, string[] pairs, string? target, string? form, DemoOptions? demo, CancellationToken cancellationToken)
    {
        if (form is not null && !form.Equals(Exporter.Format, StringComparison.OrdinalIgnoreCase))
        {
            throw new SetupException($"--format is {Exporter.Format}.");
        }

        var folder = target ?? throw new SetupException("--out is missing. Give the folder that the files go to.");
        using var loggers = context.Loggers();
        await using var investigators = await context.OpenInvestigatorsAsync(demo, loggers, cancellationToken);
        var named = Parameters.Appliance([.. investigators.Entries.Select(static entry => entry.Name)]);
        var arguments = ToolArguments.Read("export", [named, .. Parameters.Window], [], NamedValues.Read(pairs));
        arguments = arguments.At(new ZoneClock(investigators.Clock.GetUtcNow(), TimeZones.Of(arguments)));
        var window = TimeArguments.Window(arguments);
        var isWhole = true;
        foreach (var entry in investigators.Named(arguments.Words(named)))
        {
            var rows = new WindowRows(entry.Investigator.Options, entry.Client, investigators.History);
            try
            {
                var names = new WindowNameEntries(entry.Investigator.Options, entry.Client, investigators.Clock);
                var exporter = new Exporter(rows, names, entry.Name, folder, investigators.Clock);
                await exporter.RunAsync(
                    window, (slice, isNew) => isWhole &= Tell(context, entry.Name, slice, isNew), cancellationToken);
                await context.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"{PlainText.Of(entry.Name)}: {exporter.Connections} connections in {folder}"));
            }
            catch (ApplianceException failure)
            {
                await context.Error.WriteLineAsync($"{PlainText.Of(entry.Name)}: {failure.Code}: {failure.Happened} {failure.Remedy}");
                isWhole = false;
            }
            catch (HistoryAwayException away)
            {
                await context.Error.WriteLineAsync($"dtmcp: {away.Happened} {away.Remedy}");
                isWhole = false;
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                throw new SetupException($"{folder} cannot be written to: {refused.Message}");
            }
        }

        await context.Out.FlushAsync(cancellationToken);
        return isWhole ? 0 : 1;
    }

    // False where the hour is cut.
    private static bool Tell(ProcessContext context, string appliance, ExportSlice slice, bool isNew)
    {
        var outcome = slice.Cut is { } cut ? $"not written: {cut}" : isNew ? $"written, {slice.Size} bytes" : "there";
        context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{PlainText.Of(appliance)} {TimeText.Second(slice.From.ToUnixTimeMilliseconds())} {slice.Connections} {outcome}"));
        context.Out.Flush();
        return slice.Cut is null;
    }
}
