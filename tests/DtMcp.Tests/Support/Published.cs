using System.Diagnostics;

namespace DtMcp.Tests.Support;

/// <summary>
/// The program as a process: the published one that <c>DTMCP_TESTED_PROGRAM</c> names, else the one built beside the tests.
/// </summary>
internal static class Published
{
    private const string Variable = "DTMCP_TESTED_PROGRAM";

    public static string? Path => Environment.GetEnvironmentVariable(Variable);

    public static ProcessStartInfo Start(params IEnumerable<string> args)
    {
        var start = Path is { } published
            ? new ProcessStartInfo(published, args)
            : new ProcessStartInfo("dotnet", args.Prepend(System.IO.Path.Combine(AppContext.BaseDirectory, "dtmcp.dll")));
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var name in start.Environment.Keys.Where(name =>
            name.StartsWith("DARKTRACE_", StringComparison.Ordinal) || name.StartsWith("DTMCP_", StringComparison.Ordinal)
            || name.StartsWith("OTEL_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    /// <summary>Runs it to its end without input.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(ProcessStartInfo start)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
