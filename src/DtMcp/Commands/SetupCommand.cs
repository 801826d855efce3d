using System.CommandLine;
using DtMcp.ClientEntries;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Tools.Arguments;

namespace DtMcp.Commands;

/// <summary><c>dtmcp setup CLIENT</c>: the block for a client's configuration, printed, or written beside what is there.</summary>
internal static class SetupCommand
{
    private const string Examples =
        """


        Examples:
          dtmcp setup claude-code > .mcp.json
          dtmcp setup cursor --write
          dtmcp setup vscode --via dnx --demo
        """;

    public static Command Build(ProcessContext context)
    {
        var client = new Argument<string>("CLIENT")
        {
            Description = string.Join(", ", ClientCatalog.All.Select(known => known.Name)) + ".",
            HelpName = "CLIENT",
        };
        client.CompletionSources.Add([.. ClientCatalog.All.Select(known => known.Name)]);
        var via = new Option<string>("--via")
        {
            Description = "How the client starts it: binary, dnx or container.",
            DefaultValueFactory = _ => ServerEntry.Ways[0],
            HelpName = "binary|dnx|container",
        };
        var demo = new Option<bool>("--demo") { Description = "The emulated appliance: nothing else is to be set." };
        var program = new Option<string>("--command")
        {
            Description = "The program, if not this one.",
            DefaultValueFactory = _ => Environment.ProcessPath ?? "dtmcp",
            HelpName = "PATH",
        };
        var write = new Option<bool>("--write") { Description = "Put it into the client's configuration, beside what is there." };
        var file = new Option<string?>("--file") { Description = "That configuration, if not at its usual place.", HelpName = "FILE" };
        var command = new Command("setup", "Print or write the block for a client's configuration." + Examples)
        {
            client, via, demo, program, write, file,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            var known = Known(result.GetRequiredValue(client));
            var way = result.GetRequiredValue(via);
            if (!ServerEntry.Ways.Contains(way))
            {
                throw new SetupException($"--via is {Refusal.Either(ServerEntry.Ways)}.");
            }

            var entry = ServerEntry.Of(way, result.GetRequiredValue(program), ProgramVersion.Text, result.GetValue(demo), context.Settings);
            var block = ClientBlock.Of(known.Form, entry);
            if (result.GetValue(write) || result.GetValue(file) is not null)
            {
                await WriteAsync(context, known, block, result.GetValue(file));
            }
            else
            {
                await PrintAsync(context, known, entry, block);
            }

            await context.Out.FlushAsync(cancellationToken);
            return Entry.Done;
        });
        return command;
    }

    private static ClientDefinition Known(string name) => ClientCatalog.Find(name) ?? throw new SetupException(
        $"There is no client {Refusal.Shown(name)}. {NearestName.Hint(name, ClientCatalog.All.Select(known => known.Name))}" +
        $"The clients are {string.Join(", ", ClientCatalog.All.Select(known => known.Name))}.");

    // The block alone is on stdout, to be sent into a file; what to do with it is beside it.
    private static async Task PrintAsync(ProcessContext context, ClientDefinition known, ServerEntry entry, string block)
    {
        await context.Out.WriteAsync(block);
        await context.Error.WriteLineAsync($"For {known.Title}: {known.File ?? "paste it"}. {known.Hint}");
        if (ClientBlock.Link(known, entry) is { } link)
        {
            await context.Error.WriteLineAsync($"Or open {link}");
        }
    }

    private static async Task WriteAsync(ProcessContext context, ClientDefinition known, string block, string? given)
    {
        var named = given ?? known.File ?? throw new SetupException($"{known.Title} has no file to write. {known.Hint}");
        var path = Path.GetFullPath(named.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), named[2..])
            : named);
        try
        {
            ClientFile.Write(path, ClientFile.Merge(known.Form, File.Exists(path) ? await File.ReadAllTextAsync(path) : null, block));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"{path} cannot be written ({refused.GetType().Name}). Name another with --file, or paste the block.");
        }

        await context.Out.WriteLineAsync($"{path} has the server {ServerEntry.Name} now. {known.Hint}");
    }
}
