using System.CommandLine;
using DtMcp.Running;
using DtMcp.Serving.Access;

namespace DtMcp.Commands;

/// <summary><c>dtmcp token NAME</c>: a token for a client of <c>serve</c>, and the line that lets it in.</summary>
internal static class TokenCommand
{
    private const string Examples =
        """


        Examples:
          dtmcp token alice
          dtmcp token ci@example.com --tools summarize_network_traffic,hunt_traffic --appliances london
        """;

    public static Command Build(ProcessContext context)
    {
        var name = new Argument<string>("name") { Description = "Whose it is, as the log will name them." };
        var tools = new Option<string?>("--tools")
        {
            Description = "The only tools for it, commas between; all when left out.",
            HelpName = "NAMES",
        };
        var appliances = new Option<string?>("--appliances")
        {
            Description = "The only appliances for it, commas between; all when left out.",
            HelpName = "NAMES",
        };
        var command = new Command(
            "token", "Make a token for a client of serve, and its line of DTMCP_TOKENS_FILE. It is shown once." + Examples)
        {
            name, tools, appliances,
        };
        command.SetAction((result, cancellationToken) => RunAsync(context, result.GetRequiredValue(name),
            [.. Word("tools", result.GetValue(tools)), .. Word("appliances", result.GetValue(appliances))], cancellationToken));
        return command;
    }

    private static string[] Word(string name, string? value) =>
        value is null ? [] : [$"{name}={value.Replace(" ", "", StringComparison.Ordinal)}"];

    private static async Task<int> RunAsync(
        ProcessContext context, string name, IReadOnlyList<string> may, CancellationToken cancellationToken)
    {
        var (token, line) = TokenList.Make(name, may);
        // Two lines on stdout for programs; what they are is for people.
        await context.Error.WriteLineAsync("The token, for the client alone, then the line for the file of DTMCP_TOKENS_FILE:");
        await context.Out.WriteLineAsync(token);
        await context.Out.WriteLineAsync(line);
        await context.Out.FlushAsync(cancellationToken);
        return Entry.Done;
    }
}
