using System.CommandLine;
using DtMcp.Running;

namespace DtMcp.Commands;

/// <summary><c>dtmcp completions SHELL</c>: the script that makes the shell complete DtMcp's commands.</summary>
internal static class CompletionsCommand
{
    private const string Examples =
        """


        Examples:
          dtmcp completions bash > ~/.local/share/bash-completion/completions/dtmcp
          dtmcp completions fish > ~/.config/fish/completions/dtmcp.fish
        """;

    public static Command Build(ProcessContext context)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or powershell." };
        shell.AcceptOnlyFromAmong([.. ShellCompletions.All.Keys]);
        var command = new Command("completions", "Print the completions of a shell." + Examples) { shell };
        command.SetAction(async (result, cancellationToken) =>
        {
            await context.Out.WriteAsync(ShellCompletions.All[result.GetRequiredValue(shell)]);
            await context.Out.FlushAsync(cancellationToken);
            return Entry.Done;
        });
        return command;
    }
}
